/** What holds for every template of every stage, whoever wrote the stack. */
import { STAGES } from '../../bin/stages';
import { INVARIANTS, type Invariant } from '../support/invariants';
import { resourcesOf, templatesOf } from '../support/templates';

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];

describe.each(names)('%s', (name) => {
  const resources = resourcesOf(templatesOf(name));

  test('has resources', () => expect(resources.length).toBeGreaterThan(100));

  test.each(INVARIANTS)('$title', ({ breaches }) => {
    expect(resources.filter(breaches).map((each) => `${each.stack}/${each.id}`)).toEqual([]);
  });
});

test.each(INVARIANTS)('is seen to fire: $title', (invariant: Invariant) => {
  expect(invariant.breaches(invariant.planted)).toBe(true);
  expect(invariant.breaches(invariant.mended)).toBe(false);
});
