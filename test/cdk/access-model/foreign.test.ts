/** The access model reads an app that knows nothing of this repository. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { Assembly } from '../../../lib/access-model/assembly/assembly';
import { placed } from '../../../lib/access-model/assembly/placed';
import { readAssembly } from '../../../lib/access-model/assembly/read';
import { type Analysis, analyse } from '../../../lib/access-model/matrix/analysis';
import { type Cell, matrix, type Row } from '../../../lib/access-model/matrix/matrix';
import { holds, principal, techniquesTo } from '../../support/access-estate';
import { agnosticApp, ENVIRONMENT, foreignApp } from '../../support/foreign-app';

const folders: string[] = [];
async function synthesized(make: (outdir: string) => App): Promise<Assembly> {
  const folder = mkdtempSync(path.join(tmpdir(), 'foreign-'));
  folders.push(folder);
  make(folder).synth();
  return readAssembly(folder);
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const bootstrapRole = (name: string) =>
  `cdk-hnb659fds-${name}-role-${ENVIRONMENT.account}-${ENVIRONMENT.region}`;

describe('a foreign app', () => {
  let assembly: Assembly;
  let analysis: Analysis;
  let rows: Row[];

  beforeAll(async () => {
    assembly = await synthesized(foreignApp);
    analysis = analyse(assembly);
    rows = matrix(analysis);
  });

  const cell = (name: string, id: string): Cell => {
    const row = rows.find((each) => each.principal === principal(analysis, name));
    const found = row?.cells.find(({ capability }) => capability.id === id);
    if (!found) throw new Error(`${name} and ${id} have no cell`);
    return found;
  };
  const shown = (name: string, id: string) => {
    const { direct, holds: reaches, path: way } = cell(name, id);
    return [direct.holds, reaches, way.map(({ technique }) => technique.id)];
  };

  it('is read with its nested stack, its stage, and the stack that names no place', () => {
    expect(analysis.estate.stacks.map(({ id, account, region }) => [id, account, region])).toEqual(
      expect.arrayContaining(
        ['Storage', 'Shop', 'People', 'BetaArchive', 'Anywhere'].map((id) => [
          expect.stringContaining(id),
          ENVIRONMENT.account,
          ENVIRONMENT.region,
        ]),
      ),
    );
    expect(analysis.estate.stacks.filter(({ id }) => id.startsWith('Shop/Notifications'))).toHaveLength(1);
  });

  it('leaves nothing unresolved that decides about access', () => {
    const access = analysis.estate.unresolved.filter(({ where }) => /Policy|Role|Principal/.test(where));
    expect(access).toEqual([]);
  });

  it('has the people of its permission sets and the roles of its stacks, and nobody of this repository', () => {
    const names = (kind: string) =>
      analysis.estate.principals.filter((each) => each.kind === kind).map(({ name }) => name);
    expect(names('person')).toEqual(['Support', 'Accounting', 'Clerk', 'Viewer']);
    expect(names('task')).toEqual([
      expect.stringMatching(/^Shop-TaskTaskRole/),
      expect.stringMatching(/^Shop-TaskExecutionRole/),
    ]);
    expect(names('function')).toEqual([expect.stringMatching(/^Shop-WorkerServiceRole/)]);
    expect(names('service')).toEqual([expect.stringMatching(/^Shop-RefundRole/)]);
    expect(names('role')).toEqual([
      expect.stringMatching(/^Beta-Archive-Reader/),
      expect.stringMatching(/^Anywhere-Reader/),
    ]);
    expect(names('deployment')).toEqual(
      expect.arrayContaining(['cfn-exec', 'deploy', 'lookup', 'file-publishing'].map(bootstrapRole)),
    );
    expect(names('administrator')).toEqual(['any other administrator']);
    expect(names('named')).toEqual([]);
  });

  it('has a row for everybody, with a cell for each capability', () => {
    expect(rows.map((row) => row.principal)).toEqual(analysis.estate.principals);
    expect(new Set(rows.map(({ cells }) => cells.length))).toEqual(new Set([analysis.capabilities.length]));
    expect(analysis.capabilities.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['secret:payments/api-key', 'shell:web', 'function:order-worker']),
    );
  });

  it('shows who may read the secret: who is allowed to, the task that needs it, and who opens a shell there', () => {
    const secret = 'secret:payments/api-key';
    expect(shown('Accounting', secret)).toEqual(['yes', 'yes', []]);
    expect(shown(taskRole(), secret)).toEqual(['yes', 'yes', []]);
    expect(shown('Support', secret)).toEqual(['no', 'yes', ['exec']]);
    expect(shown('Clerk', secret)).toEqual(['no', 'no', []]);
    expect(shown('Viewer', secret)).toEqual(['no', 'no', []]);
  });

  it('shows who may open the shell', () => {
    expect(shown('Support', 'shell:web')).toEqual(['yes', 'yes', []]);
    expect(shown('Accounting', 'shell:web')).toEqual(['no', 'no', []]);
    expect(shown('any other administrator', 'shell:web')).toEqual(['yes', 'yes', []]);
  });

  it('shows that who writes to the queue has the worker do something, and no more', () => {
    const worker = analysis.estate.principals.find(({ kind }) => kind === 'function')?.name ?? '';
    expect(techniquesTo(analysis, 'Clerk', worker)).toEqual(['queue']);
    expect(techniquesTo(analysis, 'Viewer', worker)).toBeUndefined();
    expect(holds(analysis, 'Clerk', 'function:order-worker')).toBe('no');
  });

  it('shows that the default bootstrap makes whoever deploys an administrator', () => {
    expect(techniquesTo(analysis, bootstrapRole('deploy'), bootstrapRole('cfn-exec'))).toEqual(['stack']);
    expect(techniquesTo(analysis, bootstrapRole('deploy'), 'any other administrator')).toHaveLength(2);
    expect(shown(bootstrapRole('deploy'), 'identity:change')).toEqual(['no', 'yes', ['stack']]);
    expect(techniquesTo(analysis, 'Viewer', bootstrapRole('deploy'))).toBeUndefined();
  });

  function taskRole(): string {
    return analysis.estate.principals.find(({ name }) => name.startsWith('Shop-TaskTaskRole'))?.name ?? '';
  }
});

describe('an app that says no account and no region', () => {
  it('is read as if it were in the account and region that stand in', async () => {
    const assembly = await synthesized(agnosticApp);
    expect(assembly.stacks.map(({ account, region }) => [account, region])).toEqual([
      ['', ''],
      ['', ''],
      ['', ''],
    ]);
    const analysis = analyse(assembly);
    expect(new Set(analysis.estate.stacks.map(({ account, region }) => `${account}/${region}`))).toEqual(
      new Set(['000000000000/us-east-1']),
    );
    const arns = [
      ...analysis.estate.principals.map(({ caller }) => caller.arn),
      ...analysis.estate.targets.map(({ arn }) => arn),
    ];
    expect(arns.filter((arn) => arn.includes('not known'))).toEqual([]);
    expect(analysis.estate.principals.map(({ name }) => name)).toContain(
      'cdk-hnb659fds-cfn-exec-role-000000000000-us-east-1',
    );
    const task = analysis.estate.principals.find(({ name }) => name.startsWith('Shop-TaskTaskRole'));
    expect(holds(analysis, task?.name ?? '', 'secret:payments/api-key')).toBe('yes');
    expect(matrix(analysis)).toHaveLength(analysis.estate.principals.length);
  });
});

describe('a stack without a place', () => {
  const nowhere = { id: 'a', name: 'a', account: '', region: '', template: {} };
  const here = { ...nowhere, id: 'b', account: '111111111111', region: 'eu-central-1' };
  const standIn = { account: '000000000000', region: 'us-east-1' };
  const placeOf = (...stacks: Assembly['stacks']) => {
    const [first] = placed({ directory: 'cdk.out', stacks: [nowhere, ...stacks] }, standIn).stacks;
    return [first?.account, first?.region];
  };

  it('is where the others are', () => {
    expect(placeOf(here)).toEqual(['111111111111', 'eu-central-1']);
    expect(placeOf(here, { ...here, id: 'c' })).toEqual(['111111111111', 'eu-central-1']);
  });

  it('is where the stand-in is, as far as the others are in several places or in none', () => {
    expect(placeOf()).toEqual(['000000000000', 'us-east-1']);
    expect(placeOf(here, { ...here, id: 'c', account: '222222222222' })).toEqual([
      '000000000000',
      'eu-central-1',
    ]);
    expect(placeOf(here, { ...here, id: 'c', region: 'eu-west-1' })).toEqual(['111111111111', 'us-east-1']);
  });

  it('leaves the others alone', () => {
    const { stacks } = placed({ directory: 'cdk.out', stacks: [nowhere, here] }, standIn);
    expect(stacks[1]).toBe(here);
  });
});
