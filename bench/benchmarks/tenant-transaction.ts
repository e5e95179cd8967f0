import type { Client } from 'pg';
import { type Benchmark, NONE, times } from '../benchmark';
import { measure, type Side } from '../measure';
import { READS } from '../statements';
import { PLAIN_OWNER } from '../world/items';
import { TEXTBOOK } from '../world/textbook-policies';
import { SET_TOKEN, tokenFor } from '../world/tokens';

const LOOKUP = READS['primary-key lookup'];

/** Signed before the measuring begins: what is compared is the database's work. */
function tokens(organizations: Iterable<string>): Map<string, string> {
  return new Map(
    [...new Set(organizations)].map((organization) => [
      organization,
      tokenFor({ kind: 'tenant', organization }),
    ]),
  );
}

function transaction(
  client: Client,
  context: ((round: number) => [text: string, value: string]) | undefined,
  text: string,
  values: (round: number) => unknown[],
): Side {
  return {
    name: text,
    async run(round) {
      await client.query('BEGIN');
      if (context) {
        const [set, value] = context(round);
        await client.query(set, [value]);
      }
      await client.query(text, values(round));
      await client.query('COMMIT');
    },
  };
}

export const tenantTransaction: Benchmark = {
  name: 'tenant-transaction',
  title: 'A whole tenant transaction: BEGIN, context, primary-key lookup, COMMIT',
  async run({ server, sizes, worlds }) {
    const world = await worlds.items();
    const connect = (login: string) => server.connect(world.database, login);
    const signed = tokens(Array.from({ length: 5_000 }, (_, round) => world.pick(round).organization));
    const item = (round: number) => [world.pick(round).item];
    const { medians, rounds } = await measure(
      [
        transaction(
          await connect(TEXTBOOK.setting.login),
          (round) => [`SELECT set_config('app.organization', $1, true)`, world.pick(round).organization],
          LOOKUP('textbook.items', 'true'),
          item,
        ),
        transaction(
          await connect('app_backend'),
          (round) => [SET_TOKEN, signed.get(world.pick(round).organization) ?? ''],
          LOOKUP('app.items', 'true'),
          item,
        ),
        transaction(
          await connect(PLAIN_OWNER),
          undefined,
          LOOKUP('plain.items', 'organization_id = $2'),
          (round) => [world.pick(round).item, world.pick(round).organization],
        ),
      ],
      { budget: sizes.budget * 2 },
    );
    const [setting = 0, token = 0, none = 0] = medians;
    const name = 'tenant, whole transaction with a token';
    return [
      {
        name,
        baseline: 'plain setting in a policy',
        median: token,
        baselineMedian: setting,
        rounds,
        limit: times(1.25),
      },
      {
        name,
        baseline: 'no context, no row security',
        median: token,
        baselineMedian: none,
        rounds,
        limit: NONE,
      },
    ];
  },
};
