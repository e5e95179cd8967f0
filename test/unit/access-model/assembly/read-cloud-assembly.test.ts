import { readAssembly } from '../../../../lib/access-model/assembly/read';
import { resolve } from '../../../../lib/access-model/assembly/resolve';
import { ACCOUNT, bucket, folder, forPeople, nested, stackArtifact } from './given';

const template = { Resources: { Bucket: bucket() } };

const manifest = (artifacts: object) => ({ version: '48.0.0', artifacts });

test('a stack has the id of its artifact, and name, account and region of the deployment', async () => {
  const directory = folder({
    'manifest.json': manifest({
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      Shop: stackArtifact('Shop.template.json', { stackName: 'tz-shop' }),
      Plain: stackArtifact('Shop.template.json', {}, 'aws://unknown-account/unknown-region'),
    }),
    'Shop.template.json': template,
  });
  const { stacks, directory: read } = await readAssembly(directory);
  expect(read).toBe(directory);
  expect(stacks).toMatchObject([
    { id: 'Shop', name: 'tz-shop', account: ACCOUNT, region: 'eu-central-1', template },
    { id: 'Plain', name: 'Plain', account: '', region: '' },
  ]);
});

test('a stack says who deploys it, with the placeholders replaced', async () => {
  const role = (name: string) =>
    `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cdk-${name}-\${AWS::Region}`;
  const there = (name: string) => `arn:aws:iam::${ACCOUNT}:role/cdk-${name}-eu-central-1`;
  const assets = {
    files: {
      a: {
        source: { path: 'a' },
        destinations: {
          x: { bucketName: `assets-\${AWS::AccountId}`, objectKey: 'a', assumeRoleArn: role('file') },
        },
      },
      b: {
        source: { path: 'b' },
        destinations: {
          x: { bucketName: `assets-\${AWS::AccountId}`, objectKey: 'b', assumeRoleArn: role('file') },
          y: { bucketName: `far-\${AWS::Region}`, objectKey: 'b', region: 'us-east-1' },
        },
      },
    },
    dockerImages: { c: { destinations: { x: { repositoryName: 'images', assumeRoleArn: role('image') } } } },
  };
  const stack = stackArtifact('Shop.template.json', {
    assumeRoleArn: role('deploy'),
    cloudFormationExecutionRoleArn: role('exec'),
    lookupRole: { arn: role('lookup') },
  });
  const { stacks } = await readAssembly(
    folder({
      'manifest.json': manifest({
        'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json' } },
        Shop: { ...stack, dependencies: ['Shop.assets'] },
        Nowhere: { ...stack, environment: 'aws://unknown-account/unknown-region' },
      }),
      'Shop.assets.json': assets,
      'Shop.template.json': template,
    }),
  );
  expect(stacks[0]?.deployment).toEqual({
    deployRole: there('deploy'),
    executionRole: there('exec'),
    lookupRole: there('lookup'),
    publishingRoles: [there('file'), there('image')],
    assetBuckets: [`assets-${ACCOUNT}`, 'far-us-east-1'],
    assetRepositories: ['images'],
  });
  expect(forPeople(stacks[1]?.deployment?.deployRole)).toBe(
    'arn:aws:iam::<the account of the stack is not known>:role/cdk-deploy-<the region of the stack is not known>',
  );
});

test('the stacks of a stage are read from the assembly of the stage', async () => {
  const { stacks } = await readAssembly(
    folder({
      'manifest.json': manifest({
        'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } },
      }),
      'assembly-Prod/manifest.json': manifest({
        ProdShop1234: stackArtifact('ProdShop1234.template.json', { stackName: 'Prod-Shop' }),
      }),
      'assembly-Prod/ProdShop1234.template.json': template,
    }),
  );
  expect(stacks).toMatchObject([{ id: 'ProdShop1234', name: 'Prod-Shop' }]);
});

test('nested stacks are read to any depth, by their metadata or by where they are published to', async () => {
  const url = { 'Fn::Sub': `https://s3.\${AWS::Region}.\${AWS::URLSuffix}/assets/abc.json` };
  const directory = folder({
    'manifest.json': manifest({
      'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json' } },
      Shop: { ...stackArtifact('Shop.template.json', { stackName: 'shop' }), dependencies: ['Shop.assets'] },
    }),
    'Shop.assets.json': {
      files: {
        abc: {
          source: { path: 'deep.json' },
          destinations: { x: { bucketName: 'assets', objectKey: 'abc.json' } },
        },
      },
    },
    'Shop.template.json': nested({ 'aws:asset:path': 'in.json' }),
    'in.json': nested({}, { TemplateURL: url }),
    'deep.json': template,
  });
  const assembly = await readAssembly(directory);
  expect(assembly.stacks).toMatchObject([
    { id: 'Shop', name: 'shop' },
    {
      id: 'Shop/In',
      name: 'shop-In',
      account: ACCOUNT,
      nested: { parent: 'Shop', logicalId: 'In' },
      deployment: { assetBuckets: ['assets'] },
    },
    { id: 'Shop/In/In', name: 'shop-In-In', nested: { parent: 'Shop/In', logicalId: 'In' } },
  ]);
  expect(resolve(assembly).resources.map(({ id }) => id)).toEqual([
    'Shop.In',
    'Shop/In.In',
    'Shop/In/In.Bucket',
  ]);
});

test('templates of the bootstrap are stacks of their account and region', async () => {
  const role = {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: { 'Fn::Sub': `cdk-\${AWS::Region}` } } },
    },
  };
  const assembly = await readAssembly(
    folder({
      'manifest.json': manifest({ Shop: stackArtifact('Shop.template.json') }),
      'Shop.template.json': template,
      'bootstrap/222222222222.us-east-1.cdk-toolkit.template.json': role,
      'bootstrap/111111111111.eu-central-1.twice.template.json': role,
      'bootstrap/222222222222.eu-central-1.twice.template.yaml': 'Resources: {}',
      'bootstrap/README.md': 'about',
    }),
  );
  expect(assembly.stacks.slice(1)).toMatchObject([
    {
      id: 'bootstrap/111111111111.eu-central-1.twice',
      name: 'twice',
      account: '111111111111',
      region: 'eu-central-1',
    },
    { id: 'bootstrap/222222222222.eu-central-1.twice', name: 'twice', account: '222222222222' },
    { id: 'bootstrap/cdk-toolkit', name: 'cdk-toolkit', account: '222222222222', region: 'us-east-1' },
  ]);
  expect(resolve(assembly).resources.at(-1)?.arn).toBe('arn:aws:iam::222222222222:role/cdk-us-east-1');
});

test('an empty stack is a stack', async () => {
  const files = {
    'manifest.json': manifest({ Shop: stackArtifact('Shop.template.json') }),
    'Shop.template.json': {},
  };
  expect(resolve(await readAssembly(folder(files))).resources).toEqual([]);
});
