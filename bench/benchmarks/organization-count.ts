import { type Benchmark, type Figure, NONE, times } from '../benchmark';
import { measure } from '../measure';
import { READS, statement, valuesOf } from '../statements';
import { createItems } from '../world/items';
import { connectShell } from '../world/shell';
import { TEXTBOOK } from '../world/textbook-policies';

const FEW = 100;
const MANY = 100_000;
const READ = 'primary-key lookup';

export const organizationCount: Benchmark = {
  name: 'organization-count',
  title: 'The same lookup with 100 and with 100,000 organizations',
  async run({ server, sizes }) {
    const make = (organizations: number) =>
      createItems(server, `organizations_${organizations}`, {
        rows: sizes.countRows,
        organizations,
        hidden: sizes.hidden,
      });
    const worlds = [await make(FEW), await make(MANY)];
    const connect = (database: string, login: string) =>
      login === 'support_shell' ? connectShell(server, database, 'uma') : server.connect(database, login);
    const compare = async (login: string, table: string, name: string, limit: Figure['limit']) => {
      const sides = await Promise.all(
        worlds.map(async (world) =>
          statement(await connect(world.database, login), READS[READ](table, 'true'), (round) =>
            valuesOf(READ, world.pick(round)),
          ),
        ),
      );
      const { medians, rounds } = await measure(sides, sizes);
      const [baselineMedian = 0, median = 0] = medians;
      return { name, baseline: `the same with ${FEW}`, median, baselineMedian, rounds, limit };
    };
    const count = MANY.toLocaleString('en');
    return [
      await compare('support_shell', 'app.items', `support, lookup with ${count} organizations`, times(1.2)),
      await compare(
        TEXTBOOK.in.login,
        'textbook.items',
        `textbook ${TEXTBOOK.in.text}, lookup with ${count} organizations`,
        NONE,
      ),
    ];
  },
};
