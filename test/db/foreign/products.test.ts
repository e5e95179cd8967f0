/** Products of several kinds, from nothing to proved: nothing left to apply, every table isolated or named as a gap. */
import { isolation, omitted, run } from './flow';
import { backend } from './schemas/backend';
import { chatApp, crm } from './schemas/chat';
import { errors } from './schemas/errors';
import { forge } from './schemas/forge';
import { odd } from './schemas/odd';
import type { Product } from './schemas/product';
import { scheduling } from './schemas/scheduling';
import { supportDesk } from './schemas/support-desk';

jest.setTimeout(120_000);

/** TZ1nn judge the product's own roles, functions and keys; here it is about what the engine did and proved. */
const ENGINE = /^TZ(100|101|102|103|104|106|107|108|109|115|116|117|2\d\d)$/;

test.each<[string, Product]>(
  [scheduling, errors, supportDesk, chatApp, crm, backend, odd].map((product) => [product.name, product]),
)('%s', async (_, product) => {
  const flow = await run(product);
  expect(flow.refused).toEqual([]);
  expect([...flow.remaining, ...flow.again]).toEqual([]);
  expect(omitted(flow)).toEqual([]);
  const { gaps = [] } = product;
  const findings = flow.report.findings.filter(({ rule }) => ENGINE.test(rule));
  expect(findings.filter(({ rule, key }) => rule === 'TZ203' && gaps.includes(key))).toHaveLength(
    gaps.length,
  );
  const engine = findings.filter(({ key }) => !gaps.includes(key));
  expect(engine.map(({ message }) => message)).toEqual([]);
  expect((await isolation(flow, product)).wrong).toEqual([]);
});

// With probes, and with 1,200 tables, it takes half a minute: measured by hand.
test('a forge with partitions in schemas of their own, as the catalog shows it', async () => {
  const product = forge(200);
  const flow = await run(product, 'none');
  expect(flow.refused).toEqual([]);
  expect([...flow.remaining, ...flow.again]).toEqual([]);
  expect(omitted(flow)).toEqual([]);
  expect((await isolation(flow, product)).wrong).toEqual([]);
});
