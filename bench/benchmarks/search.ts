import type { Client } from 'pg';
import { type Benchmark, type Figure, NONE, times } from '../benchmark';
import { measure } from '../measure';
import { notHidden, statement } from '../statements';
import { bigTenant, codeOf, documents, SEARCHES, type Search } from '../world/documents';
import { createItems, PLAIN_OWNER } from '../world/items';
import { connectShell } from '../world/shell';
import { SET_SESSION_TOKEN, tokenFor } from '../world/tokens';

const LIMIT = { ilike: times(1.5), '@@': times(3), '@>': times(3) } as const;

export const search: Benchmark = {
  name: 'search',
  title: 'ILIKE, @@ and @> through the search functions, and straight on the table',
  async run({ server, sizes }) {
    // Only the documents count here: a small table of items stands beside them.
    const small = { rows: sizes.organizations, organizations: sizes.organizations, hidden: sizes.hidden };
    const world = await createItems(server, 'search', small, documents(sizes));
    const owner = await server.connect(world.database, PLAIN_OWNER);
    const { rows } = await owner.query<{ code: string; organization: string }>(
      `SELECT ${codeOf('n', sizes.documents)} AS code, ${bigTenant(sizes)} AS organization FROM generate_series(1, 1000) n`,
    );
    const organization = rows[0]?.organization ?? '';
    const tenant = await server.connect(world.database, 'app_backend');
    await tenant.query(SET_SESSION_TOKEN, [tokenFor({ kind: 'tenant', organization })]);
    const readers: { name: string; client: Client; byHand: string }[] = [
      {
        name: 'support',
        client: await connectShell(server, world.database, 'uma'),
        byHand: notHidden('organization_id', world.hidden),
      },
      {
        name: `tenant of ${sizes.bigTenant.toLocaleString('en')} rows`,
        client: tenant,
        byHand: `organization_id = '${organization}'`,
      },
    ];
    const figures: Figure[] = [];
    for (const each of SEARCHES) {
      const values = (round: number) => [each.value(rows[round % rows.length]?.code ?? '')];
      for (const { name, client, byHand } of readers) {
        const hand = statement(
          owner,
          `SELECT id, title FROM plain.documents WHERE ${each.condition} AND ${byHand}`,
          values,
        );
        for (const [how, text, limit] of ways(each)) {
          const { medians, rounds } = await measure([hand, statement(client, text, values)], {
            budget: sizes.budget * 0.6,
            least: 3,
          });
          const [baselineMedian = 0, median = 0] = medians;
          figures.push({
            name: `${name}, ${each.operator.toUpperCase()} ${how}`,
            baseline: 'owner, predicate by hand',
            median,
            baselineMedian,
            rounds,
            limit,
          });
        }
      }
    }
    return figures;
  },
};

function ways({
  column,
  operator,
  condition,
}: Search): [how: string, text: string, limit: Figure['limit']][] {
  return [
    [
      'through the search function',
      `SELECT id, title FROM guard.search_documents_${column}($1)`,
      LIMIT[operator],
    ],
    ['straight on the table', `SELECT id, title FROM app.documents WHERE ${condition}`, NONE],
  ];
}
