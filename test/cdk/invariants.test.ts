/** What holds for every template of every stage, whoever wrote the stack. */
import { STAGES } from '../../bin/stages';
import { INVARIANTS, type Invariant } from '../support/invariants';
import { resourcesOf, templatesOf } from '../support/templates';

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];

describe.each(names)('%s', (name) => {
  const resources = resourcesOf(templatesOf(name));

  test('has resources', () => expect(resources.length).toBeGreaterThan(100));

  test('one service can be entered, and its cluster holds nothing else', () => {
    const services = resources.filter(({ Type }) => Type === 'AWS::ECS::Service');
    const entered = services.filter(({ Properties }) => Properties.EnableExecuteCommand === true);
    expect(entered).toHaveLength(1);
    const cluster = JSON.stringify(entered[0]?.Properties.Cluster);
    expect(services.filter(({ Properties }) => JSON.stringify(Properties.Cluster) === cluster)).toHaveLength(
      1,
    );
    expect(services).toHaveLength(2);
  });

  test('every secret is made once, by the sensitive stack, and has one policy', () => {
    const secrets = resources.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');
    const names = secrets.map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(secrets.map(({ stack }) => stack))).toEqual(new Set(['Sensitive']));
    const guarded = resources
      .filter(({ Type }) => Type === 'AWS::SecretsManager::ResourcePolicy')
      .map(({ Properties }) => Properties.SecretId.Ref);
    expect(guarded.sort()).toEqual(secrets.map(({ id }) => id).sort());
  });

  test.each(INVARIANTS)('$title', ({ breaches }) => {
    expect(resources.filter(breaches).map((each) => `${each.stack}/${each.id}`)).toEqual([]);
  });
});

test.each(INVARIANTS)('is seen to fire: $title', (invariant: Invariant) => {
  expect(invariant.breaches(invariant.planted)).toBe(true);
  expect(invariant.breaches(invariant.mended)).toBe(false);
});
