/** What CloudFormation and its deployer want of the templates of a stage. */
import { STAGES } from '../../bin/stages';
import { exportsOf, imports, resourcesOf, type SynthesizedTemplate, templatesOf } from '../support/templates';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { bytes: 1_000_000, resources: 500, outputs: 200, parameters: 200 };

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];

describe.each(names)('%s', (name) => {
  let templates: SynthesizedTemplate[];

  beforeAll(() => {
    templates = templatesOf(name);
  });

  test('every template is within the limits of CloudFormation, with room to grow', () => {
    for (const { template } of templates) {
      expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(LIMITS.bytes / 2);
      expect(Object.keys(template.Resources).length).toBeLessThan(LIMITS.resources / 2);
      expect(Object.keys(template.Outputs ?? {}).length).toBeLessThan(LIMITS.outputs / 2);
      expect(Object.keys(template.Parameters ?? {}).length).toBeLessThan(LIMITS.parameters);
    }
  });

  test('every import is exported by a stack that is deployed before', () => {
    const known = new Set<string>();
    for (const each of templates) {
      for (const wanted of imports(each.template)) expect([...known]).toContain(wanted);
      for (const given of exportsOf(each)) known.add(given);
    }
    expect(known.size).toBeGreaterThan(10);
  });

  test('few values cross from stack to stack, and none that nobody wants', () => {
    const wanted = new Set(templates.flatMap(({ template }) => imports(template)));
    const given = templates.flatMap(exportsOf);
    expect(given.filter((each) => !wanted.has(each))).toEqual([]);
    expect(wanted.size).toBeLessThan(50);
  });

  test('nothing is looked up and nothing is asked for but the version of the bootstrap', () => {
    for (const { template } of templates) {
      expect(Object.keys(template.Parameters ?? {})).toEqual(['BootstrapVersion']);
    }
  });

  test('what has a state is kept where the stage keeps it', () => {
    const stateful = resourcesOf(templates).filter(({ Type }) =>
      /^AWS::(RDS::DBCluster|RDS::DBInstance|S3::Bucket|KMS::Key|SecretsManager::Secret|Logs::LogGroup|Backup::BackupVault|ECR::Repository)$/.test(
        Type,
      ),
    );
    expect(stateful.length).toBeGreaterThan(20);
    const lost = stateful.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Retain');
    if (STAGES[name].protection === 'retained') expect(lost).toEqual([]);
    else expect(lost.length).toBeGreaterThan(10);
  });
});

test('two deployments of one stage differ in the stamp of the registry, and nowhere else', () => {
  const [first, second] = ['one', 'two'].map((stamp) => JSON.stringify(templatesOf('dev', stamp)));
  expect(first).not.toBe(second);
  expect(first?.replaceAll('"Deployment":"one"', '"Deployment":"two"')).toBe(second);
});
