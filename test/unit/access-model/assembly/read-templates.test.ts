import { readAssembly } from '../../../../lib/access-model/assembly/read';
import { resolve } from '../../../../lib/access-model/assembly/resolve';
import { bucket, folder } from './given';

const template = { Resources: { Bucket: bucket() } };

test('every template of a folder is a stack named after its file, and other files are left alone', async () => {
  const { stacks } = await readAssembly(
    folder({
      'a.template.json': template,
      'b.json': template,
      'c.yaml': 'Resources: { Bucket: { Type: AWS::S3::Bucket } }',
      'd.yml': 'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n',
      'e.template': JSON.stringify(template),
      'package.json': { name: 'x' },
      'tsconfig.json': '{ // with a comment\n}',
      'several.yaml': 'a: 1\n---\nb: 2\n',
      'openapi.yaml': 'Resources: { Shop: { Type: object } }',
      'notes.md': '# Notes',
    }),
  );
  expect(stacks.map(({ id, name, account, region }) => [id, name, account, region])).toEqual([
    ['a', 'a', '', ''],
    ['b', 'b', '', ''],
    ['c', 'c', '', ''],
    ['d', 'd', '', ''],
    ['e', 'e', '', ''],
  ]);
});

test('two files of one name keep their endings', async () => {
  const { stacks } = await readAssembly(folder({ 'a.json': template, 'a.template.json': template }));
  expect(stacks.map(({ id }) => id)).toEqual(['a.json', 'a.template.json']);
});

test('a template that another one nests is no stack of its own', async () => {
  const Resources = { In: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'in.json' } } };
  const { stacks } = await readAssembly(folder({ 'in.json': template, 'out.json': { Resources } }));
  expect(stacks.map(({ id }) => id)).toEqual(['out', 'out/In']);
});

test('the short forms of YAML are functions', async () => {
  const yaml = `
Parameters:
  Stage: { Type: String, Default: prod }
Mappings:
  Sizes: { prod: { Count: 3 } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Not [Condition: IsDev]]
  Either: !Or [!Condition IsProd, !Condition IsDev]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub '\${Stage}-bucket'
  Holder:
    Type: AWS::Some::Thing
    Properties:
      Attribute: !GetAtt Bucket.Arn
      AttributeList: !GetAtt [Bucket, Arn]
      Join: !Join ['-', [!Ref Bucket, !If [Both, 'yes', 'no'], !If [Either, !Ref Stage, !Ref AWS::NoValue]]]
      Select: !Select [1, !Split [',', 'a,b']]
      Find: !FindInMap [Sizes, !Ref Stage, Count]
      Import: !ImportValue
        Fn::Sub: '\${Stage}-nothing'
      Encoded: !Base64 x
      Nets: !Cidr [10.0.0.0/16, 1, 8]
      Zone: !Select [0, !GetAZs '']
      Count: !Length [a, b]
      Json: !ToJsonString { a: !Ref Stage }
      Macro: !Transform { Name: Mine, Parameters: {} }
      SubList: !Sub
        - '\${a}/\${Stage}'
        - a: !Ref Bucket
      Version: 2012-10-17
`;
  const { resources, unresolved } = resolve(await readAssembly(folder({ 'shop.yaml': yaml })));
  expect(resources.find(({ logicalId }) => logicalId === 'Holder')?.properties).toMatchObject({
    Attribute: 'arn:aws:s3:::prod-bucket',
    AttributeList: 'arn:aws:s3:::prod-bucket',
    Join: 'prod-bucket-yes-prod',
    Select: 'b',
    Find: 3,
    Encoded: 'eA==',
    Nets: ['10.0.0.0/24'],
    Count: 2,
    Json: '{"a":"prod"}',
    SubList: 'prod-bucket/prod',
    Version: '2012-10-17',
  });
  expect(unresolved).toEqual([
    { where: 'shop.Holder.Properties.Import', what: 'export prod-nothing is of no stack in the assembly' },
    { where: 'shop.Holder.Properties.Zone', what: 'the region of shop is not known' },
    { where: 'shop.Holder.Properties.Macro', what: 'Fn::Transform Mine' },
  ]);
});

test.each<[title: string, files: Record<string, unknown>, message: RegExp]>([
  [
    'an empty folder',
    {},
    /has not been synthesized: it has no manifest\.json and no template; synthesize the app first, or name the folder of its assembly$/,
  ],
  [
    'a folder with the bootstrap alone',
    { 'bootstrap/111111111111.eu-central-1.x.template.json': template },
    /has not been synthesized/,
  ],
  [
    'a foreign template',
    { 'main.json': { resource: { aws_s3_bucket: {} } } },
    /has no CloudFormation template: main\.json is a foreign template, without Resources that have a Type such as AWS::S3::Bucket; name the folder of an assembly$/,
  ],
  [
    'a template of another cloud',
    { 'main.json': { Resources: { A: { Type: 'Microsoft.Storage' } } } },
    /foreign template/,
  ],
  ['a broken file alone', { 'a.json': '{' }, /a\.json is not valid JSON/],
  [
    'a broken template beside a good one',
    { 'a.json': template, 'b.json': '{ "Resources": { }' },
    /b\.json is not valid JSON/,
  ],
  [
    'a broken template by its name',
    { 'a.json': template, 'b.template.json': '{' },
    /b\.template\.json is not valid JSON/,
  ],
  ['a template of broken YAML', { 'a.yaml': 'Resources: [' }, /a\.yaml is not valid YAML, correct it: /],
  [
    'a template with a tag that is no function',
    { 'a.yaml': 'Resources: { A: { Type: AWS::S3::Bucket, Properties: { BucketName: !Reff x } } }' },
    /a\.yaml has a YAML tag that is no function, correct it: .*!Reff/,
  ],
])('%s is a problem, said in one line', async (_, files, message) => {
  const failure = await readAssembly(folder(files)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'Problem', message: expect.stringMatching(message) });
  expect((failure as Error).message).not.toContain('\n');
});

test('a folder that does not exist has not been synthesized', async () => {
  await expect(readAssembly('no/such/folder')).rejects.toThrow(
    'no/such/folder has not been synthesized: there is no such folder; synthesize the app first, or name the folder of its assembly',
  );
});
