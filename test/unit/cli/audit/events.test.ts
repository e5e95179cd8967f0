/** The events that `audit log --event` knows are those that the database writes. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { EVENTS, runLog } from '../../../../cli/audit/commands/log';
import { fakeIo } from '../approvals/fake-io';

const FUNCTIONS = path.join(__dirname, '../../../../sql/compiler/guard/approvals');

test('every event that a function records can be asked for', () => {
  const source = readdirSync(FUNCTIONS)
    .map((file) => readFileSync(path.join(FUNCTIONS, file), 'utf8'))
    .join('');
  const recorded = [...source.matchAll(/guard\.(?:record|append)\('([a-z-]+)'/g)].map(
    (match) => match[1] as string,
  );
  expect(recorded.length).toBeGreaterThan(12);
  expect(recorded.filter((event) => !EVENTS.includes(event))).toEqual([]);
  // What is recorded by a variable, beside an accepted code.
  for (const event of ['grant', 'flag']) expect(source).toContain(`'${event}'`);
});

test('a misspelt one is refused: an empty answer would say that it never happened', async () => {
  await expect(runLog({ event: 'break-glas' }, fakeIo())).rejects.toMatchObject({
    code: 'event-unknown',
    next: expect.stringContaining('break-glass'),
  });
});
