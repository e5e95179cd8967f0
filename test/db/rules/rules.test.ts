/** Every rule against its planted faults: nothing found, one finding, nothing found again. */

import type { Rule } from '../../../sql/verifier/rule';
import { rules } from '../../../sql/verifier/rules';
import { cases } from './cases';
import { findingsOf, type Ground, startGround } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
}, 60_000);
afterAll(() => ground?.stop());

/** The rule as it would run on a server of that version. */
function onVersion(rule: Rule, version: number | undefined): Rule {
  if (version === undefined) return rule;
  return { ...rule, sql: rule.sql.replaceAll("current_setting('server_version_num')", `'${version}'`) };
}

describe.each(rules)('$id $name', (rule) => {
  test.each(cases.filter((c) => c.rule === rule.id))('finds $fault', async (planted) => {
    const { client } = ground;
    const find = (step: 0 | 1 | 2) =>
      findingsOf(client, [onVersion(rule, planted.version?.[step])], planted.register);
    await client.query('begin');
    try {
      if (planted.setup) await client.query(planted.setup);
      expect(await find(0)).toEqual([]);
      await client.query(planted.plant);
      const found = await find(1);
      expect(found).toEqual([
        {
          rule: rule.id,
          name: rule.name,
          severity: planted.severity ?? rule.severity,
          key: planted.key,
          message: expect.stringMatching(/\S/),
          fix: expect.stringMatching(/\S/),
        },
      ]);
      await client.query(planted.fix ?? found[0]?.fix ?? '');
      expect(await find(2)).toEqual([]);
    } finally {
      await client.query('rollback');
    }
  });
});
