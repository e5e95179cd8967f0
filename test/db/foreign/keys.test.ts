/** Organizations known by keys of every type: the same product, isolated and proved each time. */
import { isolation, run } from './flow';
import { keys } from './schemas/keys';
import type { Product } from './schemas/product';

jest.setTimeout(120_000);

test.each<[string, Product]>(Object.entries(keys))('%s', async (_, product) => {
  const flow = await run(product);
  expect([...flow.remaining, ...flow.again]).toEqual([]);
  const probes = flow.report.findings.filter(({ rule }) => /^TZ(100|2\d\d)$/.test(rule));
  expect(probes.map(({ message }) => message)).toEqual([]);
  expect((await isolation(flow, product)).wrong).toEqual([]);
});
