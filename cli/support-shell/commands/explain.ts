/** `explain`: which layer hides what somebody does not see. Counts nothing, and says of no row that it is there. */
import type { Command } from 'commander';
import { CommandError } from '../../../sql/db/errors';
import { loadRegistry } from '../../../sql/registry';
import { whoCalls } from '../../approvals/caller';
import { Refused } from '../../approvals/errors';
import { EXIT, type ExitCode } from '../../approvals/exit-codes';
import { ACCOUNT_OPTION, type CommonOptions, command, running, type Session, type Shell } from '../command';
import { expectedOf } from '../expected';
import { layersOf, type Question, tableName } from '../explain/layers';
import { explanation } from '../explain/render';
import { gatherFacts } from '../gather';
import { ecsClient } from '../open-in-aws';
import { REGISTRY } from '../open-locally';
import { shellOf } from '../persona';
import { failing } from '../readiness';

interface Options extends CommonOptions {
  readonly account?: string;
}

export function explainCommand(shell: Shell): Command {
  return command({
    name: 'explain',
    summary: 'why you see nothing in a table, and what to do about it',
    examples: [
      'explain employees --stage prod',
      'explain public.payslips acme --stage prod',
      'explain employees own --local --profile uma',
    ],
    more: 'The answer is the same for an organization without rows, for a sensitive one, and for one that does not exist.',
  })
    .argument('<table>', 'as in SQL')
    .argument('[organization]', 'its key; own is the own tenant')
    .option(...ACCOUNT_OPTION)
    .action((...given: unknown[]) => {
      const organization = (given.at(-1) as Command).args[1];
      return running<Options>(shell, (session, options, table) =>
        runExplain(session, options, table, organization),
      )(...given);
    });
}

async function runExplain(
  session: Session,
  options: Options,
  table: string,
  organization: string | undefined,
): Promise<ExitCode> {
  if (!tableName(table)) {
    throw new CommandError(
      'table-malformed',
      `${table} is not the name of a table`,
      'write it as in SQL: public.employees',
    );
  }
  const caller = await whoCalls(session.target);
  const account = options.account ?? session.io.env.TZ_ACCOUNT ?? caller.account;
  const personaProblem = problemOf(() => shellOf(caller, account, 'support-shell'));
  const visibility =
    personaProblem === undefined
      ? await session.approvals.call('visibility', organization === undefined ? {} : { organization })
      : undefined;
  const layers = layersOf({
    table,
    organization,
    personaProblem,
    service: options.local ? { failing: [] } : await serviceState(session, account),
    registry: await loadRegistry(REGISTRY),
    visibility,
    flags: flagsOf(session, options),
  });
  session.print({ table, organization: organization ?? null, layers }, () =>
    explanation(table, organization, layers),
  );
  return EXIT.ok;
}

/** The same person asks next: with the same profile. */
function flagsOf({ target }: Session, { profile }: Options): string {
  return profile === undefined || !/^[\w.@-]+$/.test(profile)
    ? target.flags
    : `${target.flags} --profile ${profile}`;
}

function problemOf(check: () => unknown): Question['personaProblem'] {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return { message: error.message, next: error.next };
    throw error;
  }
}

/** The plugin is the machine's, and hides nothing. */
async function serviceState(session: Session, account: string): Promise<Question['service']> {
  const { stage, region } = session.target;
  const ecs = ecsClient(session);
  try {
    const facts = await gatherFacts(ecs, expectedOf('support-shell', { stage, account, region }), {
      kind: 'works',
      version: '',
    });
    return { failing: failing(facts).map(({ condition }) => condition.id) };
  } catch (error) {
    return { unknown: `ECS could not be asked: ${(error as Error).message}` };
  } finally {
    ecs.destroy();
  }
}
