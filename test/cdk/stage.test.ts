/** What a stage literal must say, and how its mistakes are told. */
import { STAGES } from '../../bin/stages';
import { parseStage, StageInvalid, type StageLiteral } from '../../lib/stage';

function problemsOf(literal: unknown): readonly string[] {
  try {
    parseStage(literal as StageLiteral);
    return [];
  } catch (error) {
    if (error instanceof StageInvalid) return error.problems;
    throw error;
  }
}

test.each(Object.entries(STAGES))('%s is right, and named as its key', (name, literal) => {
  expect(parseStage(literal).name).toBe(name);
});

test('all problems are told at once, each with the field and an example', () => {
  const { alerts: _, ...rest } = STAGES.prod;
  const problems = problemsOf({
    ...rest,
    account: '1234',
    regoin: 'eu-central-1',
    image: { repository: 'tenant-zero/app', digest: 'latest' },
    approvers: ['ada@example.com'],
  });
  expect(problems).toEqual([
    'account: does not have the form of "111122223333"',
    expect.stringMatching(/^image\.digest: does not have the form of "sha256:0123/),
    'approvers: needs two approvers at least: the own tenant takes codes of two people',
    expect.stringMatching(/^alerts: /),
    'regoin: there is no such field',
  ]);
});

const { prod, dev } = STAGES;
test.each<[string, StageLiteral, RegExp]>([
  [
    'one bootstrap for both',
    { ...prod, bootstrap: { platform: 'a', sensitive: 'a' } },
    /^bootstrap\.sensitive:/,
  ],
  ['a zone of another region', { ...prod, region: 'eu-west-1' }, /^network\.availabilityZones:/],
  ['a foreign certificate', { ...prod, account: '444444444444' }, /^web\.certificateArn:/],
  [
    'a retained stage without a vault',
    { ...prod, database: { ...prod.database, vault: undefined } as never },
    /^database\.vault:/,
  ],
  [
    'two approvers with one secret',
    { ...prod, approvers: ['ada@example.com', 'ada@example.org'] },
    /^approvers: two have the same name/,
  ],
  ['an approver without an address', { ...prod, approvers: ['ada', 'grace'] }, /^approvers\.0: /],
  [
    'a retained stage with one task',
    { ...prod, backend: { ...prod.backend, minTasks: 1 } },
    /^backend\.minTasks:/,
  ],
  [
    'fewer tasks at most than at least',
    { ...dev, backend: { ...dev.backend, minTasks: 2 } },
    /^backend\.maxTasks:/,
  ],
  [
    'a pause without a capacity of 0',
    { ...dev, database: { ...dev.database, engine: { ...dev.database.engine, minCapacity: 1 } as never } },
    /^database\.engine\.pauseAfterMinutes:/,
  ],
  [
    'a session that Identity Center does not take',
    {
      ...prod,
      identityCenter: {
        ...prod.identityCenter,
        personas: {
          ...prod.identityCenter.personas,
          BreakGlassAdmin: { ...prod.identityCenter.personas.BreakGlassAdmin, sessionMinutes: 59 },
        },
      },
    },
    /^identityCenter\.personas\.BreakGlassAdmin\.sessionMinutes: is less than 60/,
  ],
  [
    'a way out that leads nowhere',
    { ...prod, network: { ...prod.network, outbound: [] } },
    /^network\.outbound: goes with natGateways/,
  ],
  [
    'a way out to everywhere',
    { ...prod, network: { ...prod.network, outbound: ['0.0.0.0/0'] } },
    /^network\.outbound\.0: /,
  ],
])('%s is refused', (...[, literal, problem]) => {
  expect(problemsOf(literal)).toContainEqual(expect.stringMatching(problem));
});
