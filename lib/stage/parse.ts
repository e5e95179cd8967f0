/** Literal in, stage out; or every problem at once, each with its field and what is expected there. */
import { stageShape } from './shape';
import { approversOf, type Stage, type StageLiteral } from './stage';

export class StageInvalid extends Error {
  override readonly name = 'StageInvalid';

  constructor(
    stage: string,
    /** `field: what is wrong with it`, in the order of the fields. */
    readonly problems: readonly string[],
  ) {
    super(`stage ${stage} is wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

/** @throws {StageInvalid} with all problems */
export function parseStage(literal: StageLiteral): Stage {
  const result = stageShape.safeParse(literal);
  const name = typeof literal?.name === 'string' ? literal.name : '(without a name)';
  const problems = result.success
    ? contradictions(result.data as Stage)
    : result.error.issues.flatMap(describe);
  if (problems.length > 0) throw new StageInvalid(name, problems);
  return (result as { data: unknown }).data as Stage;
}

function describe(issue: Issue): string[] {
  const field = issue.path.join('.') || 'the stage';
  if (issue.code === 'unrecognized_keys')
    return (issue.keys ?? []).map((key) => `${[...issue.path, key].join('.')}: there is no such field`);
  return [`${field}: ${issue.message}`];
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** What no single field shows. */
function contradictions(stage: Stage): string[] {
  const { bootstrap, network, database, backend, protection, region } = stage;
  const found: string[] = [];
  const unless = (holds: boolean, problem: string) => {
    if (!holds) found.push(problem);
  };
  unless(
    bootstrap.platform !== bootstrap.sensitive,
    'bootstrap.sensitive: is the same as bootstrap.platform; the sensitive stacks need a deployer of their own, such as "tzdevsens"',
  );
  unless(
    network.availabilityZones.every((zone) => zone.startsWith(region)) &&
      new Set(network.availabilityZones).size === network.availabilityZones.length,
    `network.availabilityZones: are not three different zones of ${region}, such as "${region}a"`,
  );
  unless(
    network.natGateways > 0 === network.outbound.length > 0,
    'network.outbound: goes with natGateways, and only with them: the networks that the backend may reach, such as ["198.51.100.0/24"]',
  );
  unless(
    stage.web.certificateArn.includes(`:acm:${region}:${stage.account}:`),
    `web.certificateArn: is not a certificate of ${stage.account} in ${region}, where the load balancer stands`,
  );
  unless(
    new Set(approversOf(stage)).size === stage.approvers.length,
    'approvers: two have the same name before the @, and would share a secret',
  );
  unless(backend.minTasks <= backend.maxTasks, 'backend.maxTasks: is less than backend.minTasks');
  const { engine } = database;
  if (engine.kind === 'aurora') {
    unless(engine.minCapacity <= engine.maxCapacity, 'database.engine.maxCapacity: is less than minCapacity');
    unless(engine.readers <= engine.maxReaders, 'database.engine.maxReaders: is less than readers');
    unless(
      (engine.minCapacity === 0) === (engine.pauseAfterMinutes !== undefined),
      'database.engine.pauseAfterMinutes: goes with minCapacity 0, and only with it; 10, for example',
    );
  }
  if (protection === 'retained') {
    unless(
      database.vault !== undefined,
      'database.vault: is missing; a retained stage keeps copies, such as { retentionDays: 35, locked: true }',
    );
    unless(
      engine.kind === 'aurora' ? engine.readers > 0 : engine.multiAz,
      `database.engine.${engine.kind === 'aurora' ? 'readers' : 'multiAz'}: a retained stage survives the loss of a zone; ${engine.kind === 'aurora' ? '1' : 'true'}, for example`,
    );
    unless(
      backend.minTasks > 1,
      'backend.minTasks: a retained stage survives the loss of a zone; 2, for example',
    );
  }
  return found;
}
