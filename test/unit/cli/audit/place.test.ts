import { STAGES } from '../../../../bin/stages';
import { stageNames } from '../../../../cli/audit/place';
import { AUDIT, LEDGER_PAGE, positional } from '../../../../cli/audit/statements';
import { namesOf } from '../../../../lib/names';
import { parseStage } from '../../../../lib/stage';

test.each(Object.values(STAGES))('names of $name are those of its stacks', (literal) => {
  const stage = parseStage(literal);
  const names = namesOf(stage);
  const ours = stageNames(stage.name);
  expect(ours.cluster).toBe(names.database.cluster);
  expect(ours.secret).toBe(names.secrets.auditor.name);
  expect(ours.bucket(stage.account, stage.region)).toBe(names.buckets.audit);
  expect(stage.database.name).toBe('tenant_zero');
});

test('the same statements go to a driver that knows places only', () => {
  expect(positional(LEDGER_PAGE)).toContain('guard.ledger_page(cast($1 as bigint), cast($2 as integer))');
  expect(positional(AUDIT)).not.toMatch(/:[a-z]/);
  // A cast is no value, nor is a time of day.
  expect(positional({ sql: `select :a::text, 'HH24:MI'`, names: ['a'] })).toBe(`select $1::text, 'HH24:MI'`);
});
