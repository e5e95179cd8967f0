/** The same name in two places is two things, and no name is taken for one of another place. */
import { servicesOf } from '../../../../lib/access-model/capabilities/tasks';
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  capability,
  estate,
  key,
  letIn,
  OTHER_ACCOUNT,
  type Resources,
  ref,
  resource,
  role,
  stack,
} from '../../../support/access-estate';

const FRIEND = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-Friend` };
const THERE = 'us-east-1';
const both = (here: Resources, there: Resources = here, region = THERE) =>
  analyse(assembly(stack(here), stack(there, { id: 'there', name: 'there', region })));
const idsLike = (analysis: ReturnType<typeof estate>, pattern: RegExp) =>
  analysis.capabilities.map(({ id }) => id).filter((id) => pattern.test(id));

const database = resource('AWS::RDS::DBCluster', { ManageMasterUserPassword: true });
const services: Resources = {
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'main' }),
  Definition: resource('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'web' }] }),
  Service: resource('AWS::ECS::Service', {
    ServiceName: 'web',
    Cluster: ref('Cluster'),
    TaskDefinition: ref('Definition'),
  }),
};

describe.each<[string, Resources, RegExp]>([
  ['master users', { Database: database }, /^secret:rds-master-user/],
  ['services', services, /^shell:/],
  ['services to be restarted', services, /^restart:/],
  ['functions', { It: resource('AWS::Lambda::Function', { FunctionName: 'worker' }) }, /^function:worker/],
  [
    'keys',
    {
      Key: key(letIn(FRIEND, 'kms:Decrypt')),
      Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/card', TargetKeyId: ref('Key') }),
    },
    /^key:decrypt:/,
  ],
])('%s of one name', (_, resources, pattern) => {
  it('in one place are called by it', () => {
    const [id = '', ...others] = idsLike(estate(resources), pattern);
    expect(others).toEqual([]);
    expect(id).not.toContain(' in ');
  });

  it('in two places are told apart by the place', () => {
    const [before] = idsLike(estate(resources), pattern);
    expect(idsLike(both(resources), pattern)).toEqual([
      `${before} in ${ACCOUNT}/eu-central-1`,
      `${before} in ${ACCOUNT}/${THERE}`,
    ]);
  });
});

it('two of one name in one place are told apart by the resource', () => {
  const analysis = estate({ One: database, Two: database });
  expect(idsLike(analysis, /^secret:rds-master-user/)).toEqual([
    `secret:rds-master-user in ${ACCOUNT}/eu-central-1 of shop.One`,
    `secret:rds-master-user in ${ACCOUNT}/eu-central-1 of shop.Two`,
  ]);
});

it('the title of one that is told apart still ends in its object', () => {
  const { title, object = 'nothing' } = capability(
    both({ Database: database }),
    `secret:rds-master-user in ${ACCOUNT}/${THERE}`,
  );
  expect(object).toBe(`rds-master-user in ${ACCOUNT}/${THERE}`);
  expect(title.endsWith(object)).toBe(true);
});

it('functions that policies name in two accounts are two', () => {
  const arn = (account: string) => `arn:aws:lambda:eu-central-1:${account}:function:made-elsewhere`;
  const analysis = estate({
    Caller: role({ may: [allow('lambda:InvokeFunction', [arn(ACCOUNT), arn(OTHER_ACCOUNT)])] }),
  });
  expect(idsLike(analysis, /^function:made/)).toEqual([
    `function:made-elsewhere in ${ACCOUNT}/eu-central-1`,
    `function:made-elsewhere in ${OTHER_ACCOUNT}/eu-central-1`,
  ]);
});

describe('a name of another place', () => {
  const GUARDED = key(letIn(FRIEND, 'kms:*'));
  const secret = resource('AWS::SecretsManager::Secret', { Name: 'card', KmsKeyId: 'alias/card' });
  const sensitive = (region: string) => {
    const analysis = both(
      {
        Key: GUARDED,
        Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/card', TargetKeyId: ref('Key') }),
      },
      { Card: secret },
      region,
    );
    return idsLike(analysis, /^secret:card/).length === 1;
  };

  it('is no alias of a key here', () => {
    expect([sensitive('eu-central-1'), sensitive(THERE)]).toEqual([true, false]);
  });

  it('is no cluster of a service here', () => {
    const Cluster = resource('AWS::ECS::Cluster', { ClusterName: 'main' });
    const Service = resource('AWS::ECS::Service', { Cluster: 'main' });
    const clusterIn = (region: string) =>
      servicesOf(both({ Service }, { Cluster }, region).estate)[0]?.cluster?.id;
    expect([clusterIn('eu-central-1'), clusterIn(THERE)]).toEqual(['there.Cluster', undefined]);
  });

  it('is no alias of a key of the same id', () => {
    const aliases = (TargetKeyId: unknown, region: string) => {
      const analysis = both(
        { Key: GUARDED },
        { Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/card', TargetKeyId }) },
        region,
      );
      const own = analysis.estate.targets.find(({ type }) => type === 'AWS::KMS::Key');
      return own?.keys.get('kms:resourcealiases') ?? [];
    };
    const id = estate({ Key: GUARDED }).estate.targets[0]?.name;
    expect(aliases(id, 'eu-central-1')).toEqual(['alias/card']);
    expect(aliases(id, THERE)).toEqual([]);
  });
});
