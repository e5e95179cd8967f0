/** Messages to people, by the one topic that every approver and the owner read. Never a code, a seed or a ticket. */
import type { SNSClient } from '@aws-sdk/client-sns';
import type { RequestView } from '../../sql/approvals/views';
import { fieldsOf } from '../connection/edge';
import type { JsonLog } from '../connection/json-log';
import type { Measurements } from './metrics';

export interface Message {
  readonly subject: string;
  readonly lines: readonly (string | Command)[];
}

/** For somebody to run: where, the notifier says. */
export interface Command {
  readonly label: string;
  /** What stands behind `sensitive-access `. */
  readonly run: string;
}

export interface Notify {
  /** What must be heard for the call to go on. @throws when the topic cannot be reached */
  loudly(message: Message): Promise<void>;
  /** What has happened already: a topic that is down undoes nothing. False: nobody was told, and the log says so. */
  tell(message: Message): Promise<boolean>;
}

/** SNS takes ASCII, at most 100 characters, in one line. */
const SUBJECT_CHARACTERS = 100;

export interface NotifierOptions {
  readonly sns: SNSClient;
  /** ARN. */
  readonly topic: string;
  readonly stage: string;
  readonly log: JsonLog;
  readonly measurements: Measurements;
}

/** As it is on one machine, where people are profiles of the demo. */
const LOCAL = 'local';

export function notifier({ sns, topic, stage, log, measurements }: NotifierOptions): Notify {
  const flags = stage === LOCAL ? '--local --profile <you>' : `--stage ${stage}`;
  const text = (line: Message['lines'][number]) =>
    typeof line === 'string' ? line : `${line.label}: ${COMMAND} ${line.run} ${flags}`;
  async function loudly({ subject, lines }: Message): Promise<void> {
    const { PublishCommand } = await import('@aws-sdk/client-sns');
    const title = `[tenant-zero ${stage}] ${subject}`.replace(/[^ -~]/g, '?').slice(0, SUBJECT_CHARACTERS);
    const Message = log.redact([`Stage ${stage}.`, ...lines.map(text)].join('\n'));
    await sns.send(new PublishCommand({ TopicArn: topic, Subject: log.redact(title), Message }));
  }
  return {
    loudly,
    async tell(message) {
      try {
        await loudly(message);
        return true;
      } catch (error) {
        measurements.count('notificationsLost');
        log.line('error', 'not-notified', { subject: message.subject, ...fieldsOf(error) });
        return false;
      }
    },
  };
}

const COMMAND = 'npm run -s sensitive-access --';

/** Rows for every message about a request. */
function about(request: RequestView): string[] {
  const what =
    request.kind === 'flag'
      ? `sensitive = ${request.sensitive}`
      : `${request.access}, ${request.minutes} minutes`;
  return [
    `Who: ${request.login} (${request.persona})`,
    request.kind === 'approver'
      ? `What: ${request.approver} shall count as an approver`
      : `What: ${request.kind} of ${request.own ? 'the OWN tenant' : 'organization'} ${request.organization}, ${what}`,
    `Why: ${request.reason}`,
    `Ticket: ${request.ticket}`,
    `Request: ${request.id}`,
  ];
}

export const MESSAGES = {
  requested: (request: RequestView): Message => ({
    subject: `${request.login} asks for ${request.kind} access, ${request.codesNeeded} code(s) needed`,
    lines: [
      ...about(request),
      { label: 'Look, then decide', run: `show ${request.id}` },
      `Until: ${request.lapsesAt}`,
    ],
  }),
  approved: (request: RequestView, missing: number): Message => ({
    subject: missing > 0 ? `Approved once, ${missing} code(s) missing` : `Approved: ${request.login}`,
    lines: [
      ...about(request),
      `Codes by: ${request.codesGiven.map(({ approver }) => approver).join(', ')}`,
      ...(request.grant ? [`Ends: ${request.grant.endsAt}`] : []),
      { label: 'To end it sooner', run: `revoke ${request.id} --reason …` },
    ],
  }),
  denied: (request: RequestView): Message => ({
    subject: `Denied: ${request.login}`,
    lines: [...about(request), `By: ${request.denied?.by ?? '?'}, because: ${request.denied?.reason ?? '?'}`],
  }),
  revoked: (request: RequestView, by: string, proved: boolean): Message => ({
    subject: proved ? `Revoked: ${request.login}` : `REVOKED BUT NOT PROVED: ${request.login}`,
    lines: [
      ...about(request),
      `By: ${by}`,
      proved
        ? 'Afterwards the person saw 0 rows.'
        : 'It could not be shown that the person sees nothing any more: look at once.',
    ],
  }),
  locked: (approver: string, until: string | null): Message => ({
    subject: `Approver ${approver} is locked: five wrong codes`,
    lines: [
      `Five failures in 15 minutes; no code of ${approver} is taken until ${until ?? 'later'}.`,
      `If it was not ${approver} who typed, somebody holds their login: revoke its sessions in Identity Center.`,
    ],
  }),
  brokenGlass: (who: { login: string; persona: string }, ask: BreakGlassAsk): Message => ({
    subject: `BREAK GLASS by ${who.login}, no approver asked`,
    lines: [
      'To every approver and to the owner: somebody is about to have access that nobody approved.',
      `Who: ${who.login} (${who.persona})`,
      `What: ${ask.own ? 'the OWN tenant' : 'organization'} ${ask.organization}, ${ask.access}`,
      `Why: ${ask.reason}`,
      `Ticket: ${ask.ticket}`,
      `Request: ${ask.request}`,
      { label: 'To end it', run: `revoke ${ask.request} --reason …` },
      { label: 'It stays open until an approver reviews it', run: `review ${ask.request} --note …` },
    ],
  }),
  reviewed: (request: RequestView): Message => ({
    subject: `Reviewed: break glass by ${request.login}`,
    lines: [...about(request), `By: ${request.reviewed?.by ?? '?'}: ${request.reviewed?.note ?? '?'}`],
  }),
  approverChanged: (what: 'added' | 'counts' | 'removed' | 'waits', name: string, by: string): Message => ({
    subject: `Approver ${name}: ${what}`,
    lines: [`Approver: ${name}`, `By: ${by}`, { label: 'See all', run: 'approver list' }],
  }),
} as const;

export interface BreakGlassAsk {
  readonly request: string;
  readonly organization: string;
  readonly own: boolean;
  readonly access: string;
  readonly reason: string;
  readonly ticket: string;
}
