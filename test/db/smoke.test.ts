import { createDatabase, urlFor, withClient } from '../support/database';

test('the test cluster answers', async () => {
  const name = await createDatabase();
  const rows = await withClient(urlFor(name), (c) => c.query('select 1 as one'));
  expect(rows.rows).toEqual([{ one: 1 }]);
});
