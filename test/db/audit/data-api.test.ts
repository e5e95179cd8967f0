/** What is particular to the Data API: its limits, its pauses, its refusals. */

import { allEntries, type Entry } from '../../../cli/audit/ledger-source';
import type { FaultName } from '../../../local/rds-data/faults';
import { auditWorld, CLINIC, grant, record, type World } from './world';

// The engine applies the whole registry first, and every worker does.
jest.setTimeout(60_000);

let fault: (path: string, calls: number) => FaultName | undefined = () => undefined;
let counted = 0;
let world: World;
beforeAll(async () => {
  world = await auditWorld(({ path }) => fault(path, counted++));
});
afterAll(() => world.close());
beforeEach(() => {
  fault = () => undefined;
  counted = 0;
  world.notes.length = 0;
});

async function using<T>(use: (source: Awaited<ReturnType<World['dataApi']>>) => Promise<T>): Promise<T> {
  const source = await world.dataApi();
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
/** Those that were begun in the last calls and not ended. */
const open = (calls: readonly { readonly path: string }[]) =>
  calls.filter(({ path }) => path === '/BeginTransaction').length -
  calls.filter(({ path }) => /Commit|Rollback/.test(path)).length;

test('what is larger than 1 MiB is read in smaller pages, and nothing is lost', async () => {
  // 100 entries of 30 kB: 3 MB.
  await record(world, 100, { detail: JSON.stringify({ why: 'x'.repeat(30_000) }) });
  const entries: Entry[] = [];
  await using(async (source) => {
    for await (const entry of allEntries(source)) entries.push(entry);
  });
  expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  const april = { from: '2026-04-01T00:00:00Z', until: '2026-04-02T00:00:00Z' };
  await grant(world, { ...april, reason: 'y'.repeat(25_000) }, 60);
  const rows = await using((source) =>
    source.audit(CLINIC, new Date('2026-04-01T00:00:00Z'), new Date('2026-05-01T00:00:00Z')),
  );
  expect(new Set(rows.map(({ ticket }) => ticket)).size).toBe(60);
  expect(rows).toHaveLength(60);
});

test('one row that is larger than it carries is an error, not a row less', async () => {
  await grant(world, {
    from: '2026-06-01T00:00:00Z',
    until: '2026-06-02T00:00:00Z',
    reason: 'y'.repeat(70_000),
  });
  const read = using((source) =>
    source.audit(CLINIC, new Date('2026-06-01T00:00:00Z'), new Date('2026-07-01T00:00:00Z')),
  );
  await expect(read).rejects.toMatchObject({ code: 'row-too-large' });
});

test('a database at rest is waited for, and that is said once', async () => {
  fault = (_, call) => (call < 3 ? 'DatabaseResumingException' : undefined);
  expect(await using((source) => source.page(0, 1))).toHaveLength(1);
  expect(world.notes).toEqual(['the database is at rest and wakes up: this takes half a minute']);
});

test('a database that does not wake up is not waited for for ever', async () => {
  fault = () => 'DatabaseResumingException';
  await expect(using((source) => source.page(0, 1))).rejects.toMatchObject({ code: 'database-resuming' });
});

test.each<[FaultName, string]>([
  ['AccessDeniedException', 'aws-refused'],
  ['ForbiddenException', 'aws-refused'],
  ['StatementTimeoutException', 'statement-timeout'],
  ['DatabaseUnavailableException', 'aws-failed'],
])('%s is explained, with what to do', async (name, code) => {
  fault = (path) => (path === '/Execute' ? name : undefined);
  await expect(using((source) => source.page(0, 1))).rejects.toMatchObject({
    code,
    next: expect.stringMatching(/\w+/),
  });
});

test('no transaction stays open, whatever happens in it', async () => {
  const before = world.api.calls.length;
  await using((source) => source.page(0, 1));
  expect(open(world.api.calls.slice(before, before + 1))).toBe(1);
  expect(open(world.api.calls.slice(before))).toBe(0);
  fault = (path) => (path === '/Execute' ? 'AccessDeniedException' : undefined);
  await expect(using((source) => source.page(0, 1))).rejects.toThrow();
  expect(open(world.api.calls.slice(before))).toBe(0);
});

test('it asks as the auditor, and sends values as parameters', async () => {
  await using((source) => source.page(7, 2));
  const execute = world.api.calls.filter(({ path }) => path === '/Execute').at(-1)?.body;
  expect(execute).toMatchObject({
    secretArn: expect.stringContaining('auditor-login'),
    parameters: [
      { name: 'after', value: { longValue: 7 } },
      { name: 'size', value: { longValue: 2 } },
    ],
    includeResultMetadata: true,
  });
});
