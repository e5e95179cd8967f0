import { performance } from 'node:perf_hooks';
import { organizationsTable } from '../../../sql/discovery/organizations-table';
import { proposeRegistry } from '../../../sql/discovery/propose';
import { discover } from '../../../sql/discovery/reach';
import { readSchema } from '../../../sql/discovery/read-schema';
import { createDatabase, urlFor, withClient } from '../../support/database';
test.each([1000, 5000])('%i', async (n) => {
  const db = await createDatabase();
  await withClient(urlFor(db), async (c) => {
    await c.query('create table organizations (id uuid primary key); create table users (id uuid primary key, organization_id uuid not null references organizations)');
    for (let i = 0; i < n; i += 100) {
      let sql = '';
      for (let j = i; j < i + 100; j++) {
        const via = j % 3 !== 0 && j > 3;
        const p = Math.floor(j / 2);
        sql += `create table t${j} (id uuid primary key, ${via ? `p uuid not null references t${p} on delete cascade` : 'organization_id uuid not null references organizations'}, q uuid ${j > 10 ? `references t${j - 7}` : ''}, created_by uuid not null references users, ${Array.from({ length: 12 }, (_, k) => `c${k} text not null default ''`).join(', ')}); create index on t${j} (q);`;
      }
      await c.query(sql);
    }
    for (let k = 0; k < 2; k++) {
      const a = performance.now();
      const s = await readSchema(c);
      const b = performance.now();
      const r = discover(s, organizationsTable(s));
      const d = performance.now();
      const p = proposeRegistry(s);
      const e = performance.now();
      console.log(n, 'read', b - a, 'discover', d - b, 'propose', e - d, [...r.values()].filter((x) => x.certainty === 'certain').length, p.undecided.length, p.undecided[0]);
    }
  });
}, 300000);
