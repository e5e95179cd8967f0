/** `open` in AWS: persona, readiness, and the session through ECS Exec. */
import { ECSClient } from '@aws-sdk/client-ecs';
import { CommandError } from '../../sql/db/errors';
import { awsFailure } from '../approvals/aws-failure';
import { whoCalls } from '../approvals/caller';
import { EXIT, type ExitCode } from '../approvals/exit-codes';
import { accountOf, type Session } from './command';
import type { OpenOptions } from './commands/open';
import { enter } from './enter';
import { expectedOf } from './expected';
import { gatherFacts } from './gather';
import { shellOf } from './persona';
import { findPlugin, PLUGIN } from './plugin';
import { waitUntilReady } from './wait';

export async function openInAws(session: Session, options: OpenOptions): Promise<ExitCode> {
  const { io, target, progress } = session;
  const account = accountOf(options.account, io);
  const { service, login, persona } = shellOf(await whoCalls(target), account, options.service);
  const expected = expectedOf(service, { stage: target.stage, account, region: target.region });
  const ecs = ecsClient(session);
  try {
    const gather = async () => gatherFacts(ecs, expected, await findPlugin(io.env));
    const facts = await waitUntilReady(gather, {
      seconds: options.wait,
      name: `${service} of ${target.stage}`,
      progress,
      now: () => io.now().getTime(),
      sleep: io.sleep,
    });
    progress.note(`${login} as ${persona}: ${service} of ${target.stage} is as it should be`);
    const code = await enter({
      facts,
      asking: { reason: options.reason, ticket: options.ticket, write: options.write === true },
      approvals: session.approvals,
      ecs,
      profile: options.profile ?? io.env.AWS_PROFILE ?? '',
      env: io.env,
      note: progress.note,
    });
    if (code === 0) return EXIT.ok;
    progress.note(`${PLUGIN} ended with ${code}`);
    return code > 128 ? EXIT.interrupted : EXIT.couldNotRun;
  } catch (error) {
    throw ecsFailure(error, session);
  } finally {
    ecs.destroy();
  }
}

/** What the function and STS say has become words already: what is left comes from ECS. */
function ecsFailure(error: unknown, { target }: Session): CommandError {
  const { name, message } = error as Error;
  return name === 'AccessDeniedException'
    ? new CommandError(
        'ecs-refused',
        `these credentials may not do this in ECS: ${message}`,
        'npm run -s sensitive-access -- whoami says who you are; the platform engineers say what that may',
      )
    : awsFailure(error, target);
}

export function ecsClient({ target }: Pick<Session, 'target'>): ECSClient {
  const { region, credentials, endpoint } = target;
  return new ECSClient({ region, credentials, ...(endpoint === undefined ? {} : { endpoint }) });
}
