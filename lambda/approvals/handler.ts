/** One function for people and for the schedule: an event in, an answer out. Only what is broken is thrown. */
import type { Context } from 'aws-lambda';
import type { Client } from 'pg';
import type { z } from 'zod';
import { type CallerIdentity, gateOf } from '../../sql/approvals/gate';
import { readCertificates } from '../connection/certificates';
import { type Connector, withConnection } from '../connection/connect';
import { Deadline } from '../connection/deadline';
import { type Dependencies as EdgeDependencies, failureOf, fieldsOf, reasonOf } from '../connection/edge';
import { JsonLog } from '../connection/json-log';
import { approverSecrets } from './approver-secrets';
import { MEASURE } from './contract';
import { Refusal, refusalOf } from './errors';
import { once } from './idempotency';
import type { Principal } from './identity/arn';
import { digestOf, UnexpectedPrincipal, whoCalls } from './identity/caller';
import { type MeasureAnswer, type Measuring, measure } from './measure';
import { Measurements } from './metrics';
import { notifier } from './notify';
import { operations } from './operations';
import { type Answer, type Caller, envelope, INPUTS, type Operation } from './protocol';
import { commandOf, type Scope, scopeOf } from './rights';
import { parseSettings, type Settings } from './settings';
import { staffOf } from './staff';
import type { Clients, Work } from './work';

export interface Dependencies extends EdgeDependencies {
  readonly clients: Clients;
  /** For proofs, codes and office hours. Default: the clock. */
  readonly now?: () => Date;
}

export type Remaining = Pick<Context, 'getRemainingTimeInMillis'>;

/** These change nothing: asked twice, they look twice. */
const READS: ReadonlySet<Operation> = new Set<Operation>([
  ...(['preview', 'list', 'show', 'approver-list', 'shells', 'visibility'] as const),
]);
/** Their answers hold what is shown only once, and is stored nowhere. */
const WITHHELD: ReadonlySet<Operation> = new Set<Operation>(['ticket', 'approver-add']);

/** What one invocation has. */
interface Invocation {
  readonly dependencies: Dependencies;
  readonly context: Remaining;
  readonly settings: Settings;
  readonly connector: Connector<Settings>;
  readonly log: JsonLog;
  readonly measurements: Measurements;
  readonly now: () => Date;
}

export function createApprovals(dependencies: Dependencies) {
  const exported: Measuring['exported'] = { head: null };
  return {
    async handler(event: unknown, context: Remaining): Promise<Answer<Operation> | MeasureAnswer> {
      // One for each call: its secrets are struck out of its lines, and forgotten with it.
      const log = new JsonLog(dependencies.write);
      const deadline = new Deadline(context.getRemainingTimeInMillis());
      try {
        const { environment, packageDir, credentials, now = () => new Date() } = dependencies;
        const settings = parseSettings(environment, packageDir);
        const measurements = new Measurements(settings.stage);
        const connector = {
          settings,
          certificates: settings.caFile === undefined ? undefined : readCertificates(settings.caFile),
          applicationName: 'tenant-zero approvals',
          ...{ credentials, deadline, keepSecret: log.keepSecret },
          retrying: (why: string, attempt: number) => log.line('info', 'connecting', { why, attempt }),
        };
        const invocation = { dependencies, context, settings, connector, log, measurements, now };
        try {
          return isMeasure(event) ? await measured(invocation, exported) : await answer(invocation, event);
        } finally {
          measurements.flush(dependencies.write);
        }
      } catch (error) {
        log.line('error', 'failed', fieldsOf(error));
        throw failureOf('approvals', reasonOf(error as Error), log);
      }
    },
  };
}

function isMeasure(event: unknown): boolean {
  const keys = Object.keys(event ?? {});
  return keys.length === 1 && (event as typeof MEASURE).scheduled === MEASURE.scheduled;
}

function measured(
  { dependencies, settings, connector, measurements }: Invocation,
  exported: Measuring['exported'],
) {
  const { auditBucket, gate } = settings;
  const { s3 } = dependencies.clients;
  return withConnection(connector, gate, (client) =>
    measure({ gate: gateOf(client), s3, auditBucket, measurements, exported }),
  );
}

/** Refusals become answers here, and are in the log as such. */
async function answer(invocation: Invocation, event: unknown): Promise<Answer<Operation>> {
  const started = performance.now();
  const { log, measurements } = invocation;
  const told: Record<string, unknown> = {};
  try {
    const given = await serve(invocation, event, told);
    const error = given.ok ? {} : { code: given.error.code };
    log.line('info', 'answered', {
      ...told,
      ok: given.ok,
      ...error,
      ms: Math.round(performance.now() - started),
    });
    return given;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const { code, message } = refusal;
    const arn = refusal instanceof UnexpectedPrincipal ? { arn: refusal.arn } : {};
    if (refusal instanceof UnexpectedPrincipal || code.startsWith('staff-'))
      measurements.count('unexpectedPrincipals');
    log.line('warn', 'refused', { ...told, ...arn, code, message });
    return refusal.toAnswer();
  }
}

/** Envelope, proof, persona, right, input, person; then the operation, once. `told`: for the log, as it becomes known. */
async function serve(invocation: Invocation, event: unknown, told: Record<string, unknown>) {
  const { dependencies, settings, log, connector, now, context } = invocation;
  const call = parse(envelope, event, 'call-invalid', 'the call');
  const { id, operation, proof } = call;
  for (const secret of [proof.authorization, proof.token]) if (secret) log.keepSecret(secret);
  Object.assign(told, { id, operation });
  const principal = await whoCalls(call, { settings, sts: dependencies.clients.sts, now: now() });
  Object.assign(told, { persona: principal.persona, login: principal.login });
  const scope = rightOf(principal, operation);
  const shape: z.ZodType<object> = INPUTS[operation];
  const input = parse(shape, call.input, 'input-invalid', `the input of ${operation}`);
  if ('code' in input) log.keepSecret(String(input.code));
  return withConnection(connector, settings.gate, async (client) => {
    const staff = await staffOf(client, principal);
    const { persona, login, arn } = principal;
    const caller = { person: staff.person, login, persona };
    Object.assign(told, { person: staff.person });
    const work = workOf(invocation, { client, caller, staff, scope, id });
    const act = () => run(operation, work, input);
    if (READS.has(operation)) return act();
    const { functionName } = settings;
    const digest = digestOf(call, settings);
    return once({ client, functionName, arn, id, digest, withholds: WITHHELD.has(operation), context }, act);
  });
}

function rightOf({ persona, arn }: Principal, operation: Operation): Scope {
  const scope = scopeOf(persona, operation);
  if (scope !== undefined) return scope;
  throw new UnexpectedPrincipal(
    arn,
    'right',
    `${persona} may not run \`${commandOf(operation)}\``,
    'Sign in with the permission set that may; docs/sensitive-access.md says which.',
  );
}

/** What the operation refuses is an answer as any other: the same call again gets it again. */
async function run(operation: Operation, work: Work, input: unknown): Promise<Answer<Operation>> {
  const act = operations[operation] as (work: Work, input: unknown) => Promise<object>;
  try {
    return { ok: true, result: await act(work, input) } as Answer<Operation>;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal.toAnswer();
  }
}

type Person = Pick<Work, 'staff' | 'scope' | 'id'> & {
  readonly client: Client;
  readonly caller: CallerIdentity & { readonly persona: Caller };
};

function workOf(invocation: Invocation, person: Person): Work {
  const { dependencies, settings, connector, log, measurements, now } = invocation;
  const { secrets, sns, ssm } = dependencies.clients;
  const { stage, topic, approvers, approverSecrets: prefix } = settings;
  return {
    ...person,
    ...{ settings, connector, ssm, measurements, log, now },
    gate: gateOf(person.client),
    seeds: approverSecrets({ client: secrets, prefix, approvers, keepSecret: log.keepSecret }),
    notify: notifier({ sns, topic, stage, log, measurements }),
  };
}

function parse<T>(shape: z.ZodType<T>, value: unknown, code: string, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new Refusal(
    code,
    // The names of unknown properties are the caller's, and may be of any length.
    `${what} is wrong: ${problems.join('; ')}`.slice(0, 1000),
    'Correct what the message names; `--help` has examples.',
  );
}
