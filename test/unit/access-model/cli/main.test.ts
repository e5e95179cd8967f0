/** The command line as scripts use it: what goes to which stream, and the exit code. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../../lib/access-model/cli/main';

const folder = mkdtempSync(path.join(tmpdir(), 'access-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trust = (service: string) => ({
  Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' },
});
const TEMPLATE = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'orders' } },
    Other: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'invoices' } },
    Reader: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'reader',
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'read',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Sid: 'Read',
                  Effect: 'Allow',
                  Action: 's3:GetObject',
                  Resource: 'arn:aws:s3:::orders/*',
                  Condition: { StringEquals: { 's3:prefix': 'a' } },
                },
              ],
            },
          },
        ],
      },
    },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'worker',
        Role: { 'Fn::GetAtt': ['Reader', 'Arn'] },
        Code: { ZipFile: '' },
      },
    },
    Developer: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'developer',
        AssumeRolePolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: { Ref: 'AWS::AccountId' } },
            Action: 'sts:AssumeRole',
          },
        },
        Policies: [
          {
            PolicyName: 'code',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'lambda:UpdateFunctionCode', Resource: '*' }],
            },
          },
        ],
      },
    },
  },
};
const assembly = path.join(folder, 'assembly');
mkdirSync(assembly);
writeFileSync(path.join(assembly, 'App.template.json'), JSON.stringify(TEMPLATE));
const file = (name: string, content: string): string => {
  const written = path.join(folder, name);
  writeFileSync(written, content);
  return written;
};

async function access(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const io = {
    stdout(text: string) {
      said.out += text;
    },
    stderr(text: string) {
      said.err += text;
    },
  };
  return { code: await main(argv, io), ...said };
}

const answersOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const asked = (questions: object[], ...more: string[]) =>
  access(
    'ask',
    file('questions.jsonl', questions.map((each) => JSON.stringify(each)).join('\n')),
    '--assembly',
    assembly,
    ...more,
  );

describe('ask', () => {
  const read = {
    principal: 'reader',
    action: 's3:GetObject',
    resource: 'Bucket/a',
    context: { 's3:prefix': 'a' },
  };

  test('answers each question with the decision, what decided it and the layer, in the order of the questions', async () => {
    const { code, out } = await asked([read, { ...read, resource: 'Other/a', id: 7 }]);
    const [first, second] = answersOf(out);
    expect(code).toBe(0);
    expect(first).toMatchObject({
      decision: 'allowed',
      effective: 'allowed',
      floor: 'allowed',
      layer: 'identity',
      resource: 'arn:aws:s3:::orders/a',
      statements: [{ layer: 'identity', statement: 'Read', effect: 'Allow' }],
    });
    expect(second).toMatchObject({ id: 7, decision: 'denied', floor: 'allowed', explicit: false });
  });

  test.each([
    'reader',
    'Reader',
    'App.Reader',
    'arn:aws:iam::000000000000:role/reader',
    'arn:aws:sts::000000000000:assumed-role/reader/someone',
  ])('knows who is meant by %s', async (principal) => {
    expect(answersOf((await asked([{ ...read, principal }])).out)[0]).toMatchObject({
      principal: 'reader',
      decision: 'allowed',
    });
  });

  test.each(['Bucket/a', 'App.Bucket/a', 'orders/a', 'arn:aws:s3:::orders/a'])(
    'knows what is meant by %s',
    async (resource) => {
      expect(answersOf((await asked([{ ...read, resource }])).out)[0]).toMatchObject({
        resource: 'arn:aws:s3:::orders/a',
      });
    },
  );

  test('says with which keys a refusal would be none', async () => {
    const [answer] = answersOf((await asked([{ ...read, context: {} }])).out);
    expect(answer).toMatchObject({ decision: 'denied', allowedWith: { 's3:prefix': ['a'] } });
  });

  test('prints the path by which a refusal is reached all the same', async () => {
    const [answer] = answersOf((await asked([{ ...read, principal: 'developer' }])).out);
    expect(answer).toMatchObject({
      decision: 'denied',
      path: [{ to: 'reader', technique: 'function-code', actions: ['lambda:UpdateFunctionCode'] }],
    });
  });

  test('answers the floor where only the floor is asked for', async () => {
    const [answer] = answersOf((await asked([{ ...read, resource: 'Other/a', floor: true }])).out);
    expect(answer).toMatchObject({ decision: 'allowed', effective: 'denied', floor: 'allowed' });
  });

  test.each([
    [{ effective: 'allowed', floor: 'allowed' }, true, 0],
    [{ effective: 'denied' }, false, 1],
    [{ effective: 'allow', floor: 'deny' }, false, 1],
    [{ expected: 'Allowed' }, true, 0],
  ])('compares with %j', async (wish, asExpected, code) => {
    const result = await asked([{ ...read, ...wish }]);
    expect(answersOf(result.out)[0]).toMatchObject({ asExpected });
    expect(result.code).toBe(code);
  });

  test.each([
    ['an action that AWS does not have', { ...read, action: 's3:GetObjetc' }, /no action s3:GetObjetc/],
    ['an action without resources', { ...read, action: 's3:ListAllMyBuckets' }, /asked about \*/],
  ])('tells %s', async (_, question, note) => {
    expect(answersOf((await asked([question])).out)[0].notes).toEqual([expect.stringMatching(note)]);
  });

  test.each<[string, string, RegExp]>([
    [
      'an unknown principal',
      '{"principal":"raeder","action":"s3:GetObject"}',
      /no principal "raeder".*did you mean "reader"/,
    ],
    [
      'an unknown resource',
      '{"principal":"reader","action":"s3:GetObject","resource":"Bukcet"}',
      /no resource "Bukcet"/,
    ],
    [
      'an action without a service',
      '{"principal":"reader","action":"GetObject"}',
      /line 1: action: is no action/,
    ],
    ['no JSON', '{"principal"', /line 1: is no JSON object/],
    ['nothing', '\n# a comment\n', /holds no question/],
  ])('refuses %s in one line, and answers nothing', async (_, content, error) => {
    const { code, out, err } = await access('ask', file('bad.jsonl', content), '--assembly', assembly);
    expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
    expect(err).toMatch(error);
  });
});

describe('explain', () => {
  test('says in words what decides, what would be on the floor, and the way round', async () => {
    const { out } = await access('explain', 'developer', 's3:GetObject', 'Bucket/a', '--assembly', assembly);
    expect(out).toContain('DENIED: neither its own policies nor the policy of the resource allow it.');
    expect(out).toContain('On the floor, if a policy of its own allowed everything: allowed');
    expect(out).toContain(
      '1. developer changes the code of a function of reader (lambda:UpdateFunctionCode)',
    );
  });

  test('explains a capability', async () => {
    const { out } = await access('explain', 'developer', 'function:code', '--assembly', assembly);
    expect(out).toMatch(
      /^May developer change the code or the settings of a function, or who calls it\? Yes\.\n {2}allowed: lambda:UpdateFunctionCode/,
    );
  });

  test('refuses a key without a value', async () => {
    const { code, err } = await access(
      'explain',
      'reader',
      's3:GetObject',
      'Bucket/a',
      '--context',
      's3:prefix',
      '--assembly',
      assembly,
    );
    expect([code, err]).toEqual([2, expect.stringContaining('give key=value')]);
  });
});

describe('show', () => {
  test('prints the matrix as Markdown, as a page, and for machines', async () => {
    const shown = await Promise.all(
      ['markdown', 'html', 'json'].map((format) =>
        access('show', '--format', format, '--assembly', assembly),
      ),
    );
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(shown[0]?.out).toContain('| may | any other administrator |');
    expect(shown[1]?.out).toContain('<!doctype html>');
    const { principals } = JSON.parse(shown[2]?.out ?? '');
    expect(principals.find(({ name }: { name: string }) => name === 'developer').becomes).toMatchObject([
      { name: 'reader' },
    ]);
  });

  test('tells a document that is stale from one that is not', async () => {
    const kept = path.join(folder, 'kept.md');
    expect((await access('show', '--out', kept, '--assembly', assembly)).code).toBe(0);
    expect((await access('show', '--check', kept, '--assembly', assembly)).code).toBe(0);
    writeFileSync(kept, 'something else');
    const { code, err } = await access('show', '--check', kept, '--assembly', assembly);
    expect([code, err]).toEqual([1, expect.stringContaining('is stale')]);
  });
});

describe('check', () => {
  const PROMISES = {
    rows: { reader: { may: [] }, developer: { may: ['function:code'], becomes: ['reader'] } },
    refused: [{ who: ['reader'], what: ['function:*'], how: 'by any path', why: 'a reader only reads' }],
    floor: [{ who: ['reader'], what: ['function:worker'] }],
    bounded: [{ who: ['reader'], boundary: 'arn:*' }],
    assumable: [],
    outside: [],
    endpoints: [],
    deputies: [{ policy: '*', why: 'every service may act here' }],
    classes: [{ what: ['function:code'], rows: ['own', 'ordinary'] }],
  };

  test('says of each promise whether it holds, and what breaks it', async () => {
    const promises = file('promises.json', JSON.stringify(PROMISES));
    const { code, out } = await access(
      'check',
      '--promises',
      promises,
      '--format',
      'json',
      '--assembly',
      assembly,
    );
    const results: { id: string; failures: { id: string }[] }[] = JSON.parse(out);
    expect(code).toBe(1);
    expect(
      Object.fromEntries(results.map(({ id, failures }) => [id, failures.map((each) => each.id)])),
    ).toEqual({
      resolved: [],
      names: [],
      rows: [],
      refused: [],
      // Nothing denies it, the reader has no boundary, and the developer is open to the account.
      floor: ['reader floor function:worker'],
      bounded: ['reader without its boundary'],
      trusts: ['developer trusts its account'],
      outside: [],
      assignments: [],
      deputies: [],
      endpoints: [],
      // What shows the own tenant does not show a sensitive customer: for whoever holds it, and whoever becomes them.
      strictness: expect.arrayContaining(['developer own not sensitive function:code']),
    });
  });

  test('an exception that excepts nothing is told', async () => {
    const outside = [{ policy: 'Gone.*', why: 'it was there last year' }];
    const promises = file('excepting.json', JSON.stringify({ ...PROMISES, outside }));
    const { out } = await access('check', '--promises', promises, '--format', 'json', '--assembly', assembly);
    const results: { id: string; failures: { id: string }[] }[] = JSON.parse(out);
    expect(results.find(({ id }) => id === 'outside')?.failures.map(({ id }) => id)).toEqual(['no Gone.* *']);
  });

  test('refuses promises that are none, naming every mistake in one line', async () => {
    const { code, err } = await access(
      'check',
      '--promises',
      file('bad.yaml', 'rows: 1\nfloor: []\n'),
      '--assembly',
      assembly,
    );
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([expect.stringMatching(/rows: .*; refused: /)]);
  });

  test('of an assembly without promises only the model itself is checked, and it says so', async () => {
    const { code, out } = await access('check', '--assembly', assembly);
    expect([code, out]).toEqual([0, expect.stringContaining('No promises were given')]);
  });
});

test.each<[string, string[], RegExp]>([
  ['a folder that is not there', ['show', '--assembly', '/nowhere/at/all'], /has not been synthesized/],
  [
    'an empty folder',
    ['show', '--assembly', mkdtempSync(path.join(folder, 'empty-'))],
    /has not been synthesized/,
  ],
  ['a stage that was never synthesized', ['show', '--stage', 'nowhere'], /nowhere has not been synthesized/],
  ['an unknown command', ['frobnicate'], /unknown command/],
  [
    'an unknown format',
    ['show', '--format', 'pdf', '--assembly', assembly],
    /Allowed choices are markdown, json, html/,
  ],
])('%s is exit code 2', async (_, argv, error) => {
  const { code, out, err } = await access(...argv);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(error);
});

test('a template of something else is told in one line', async () => {
  const foreign = mkdtempSync(path.join(folder, 'foreign-'));
  writeFileSync(path.join(foreign, 'main.json'), JSON.stringify({ terraform: {}, resource: {} }));
  const { code, err } = await access('show', '--assembly', foreign);
  expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
  expect(err).toMatch(/CloudFormation/);
});

describe('what others bring', () => {
  const folderOf = (files: Record<string, string>): string => {
    const made = mkdtempSync(path.join(folder, 'brought-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(made, name), content);
    return made;
  };
  const role = (statement: object, more: object = {}) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'r',
      AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: statement } }],
      ...more,
    },
  });
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const decided = async (resources: object, more: object = {}) => {
    const made = folderOf({ 'a.template.json': JSON.stringify({ ...more, Resources: resources }) });
    const question = '{"principal":"r","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"}';
    const { out } = await access('ask', file('one.jsonl', question), '--assembly', made);
    return JSON.parse(out);
  };

  test('what stands under a condition that nobody can tell holds perhaps', async () => {
    const more = {
      Parameters: { X: { Type: 'String' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'X' }, 'b'] } },
    };
    const attached = (condition: object) => ({
      R: role([]),
      P: {
        Type: 'AWS::IAM::Policy',
        ...condition,
        Properties: { PolicyName: 'x', Roles: [{ Ref: 'R' }], PolicyDocument: { Statement: everything } },
      },
    });
    expect(await decided(attached({ Condition: 'C' }), more)).toMatchObject({
      decision: 'denied',
      uncertain: [{}],
    });
    expect(await decided(attached({}), more)).toMatchObject({ decision: 'allowed' });
  });

  test.each([
    ['an empty list', { Resource: [] }],
    ['nothing', {}],
    ['all but nothing', { NotResource: [] }],
  ])('a permission for %s allows nothing', async (_, resource) => {
    expect(await decided({ R: role({ Effect: 'Allow', Action: 's3:*', ...resource }) })).toMatchObject({
      decision: 'denied',
    });
    expect(await decided({ R: role({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) })).toMatchObject({
      decision: 'allowed',
    });
  });

  test.each([5, '', { a: 1 }])('a boundary that is %j limits perhaps everything', async (boundary) => {
    expect(await decided({ R: role(everything, { PermissionsBoundary: boundary }) })).toMatchObject({
      decision: 'denied',
    });
  });

  test('nobody is taken for somebody else whose name ends alike', async () => {
    const made = folderOf({
      'a.template.json': JSON.stringify({ Resources: { B: { Type: 'AWS::S3::Bucket' } } }),
    });
    const { code, err } = await access('explain', 'r', 's3:GetObject', '--assembly', made);
    expect([code, err]).toEqual([2, expect.stringContaining('there is no principal "r"')]);
  });

  test('a template that cannot be read as one is not overlooked beside others', async () => {
    const made = folderOf({
      'a.template.json': JSON.stringify({ Resources: { B: { Type: 'AWS::S3::Bucket' } } }),
      'b.json': JSON.stringify({ Resources: { R: role(everything), X: { Properties: {} } } }),
    });
    const { code, err } = await access('show', '--assembly', made);
    expect([code, err]).toEqual([2, expect.stringContaining('b.json is perhaps a template')]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'an assembly within itself',
      {
        'manifest.json':
          '{"artifacts":{"S":{"type":"cdk:cloud-assembly","properties":{"directoryName":"."}}}}',
      },
      /within itself/,
    ],
    [
      'a name with a line break',
      { 'a.template.json': JSON.stringify({ Resources: { R: role([], { RoleName: 'a\nb' }) } }) },
      /is no ARN of an identity/,
    ],
    [
      'an alias of YAML that leads nowhere',
      { 'a.template.yaml': 'Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: *nope\n' },
      /is not valid YAML/,
    ],
    [
      'functions nested without end',
      {
        'a.template.json': `{"Resources":{"B":{"Type":"AWS::S3::Bucket","Properties":{"X":${'{"Fn::Join":["",['.repeat(3000)}"a"${']]}'.repeat(3000)}}}}}`,
      },
      /nested too deeply/,
    ],
  ])('%s ends in one line', async (_, files, error) => {
    const { code, err } = await access('show', '--assembly', folderOf(files));
    expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
    expect(err).toMatch(error);
  });

  test('a stack set is listed: what it makes is in no template here', async () => {
    const made = folderOf({
      'a.template.json': JSON.stringify({
        Resources: { S: { Type: 'AWS::CloudFormation::StackSet', Properties: {} } },
      }),
    });
    expect((await access('check', '--assembly', made)).out).toContain('a stack set makes');
    expect((await access('show', '--assembly', made)).out).toContain(
      '**1 values in the templates are not known**',
    );
  });

  test.each(['maybe', 'yes'])('an expectation of %s is none', async (expected) => {
    const { code, err } = await asked([{ principal: 'reader', action: 's3:GetObject', expected }]);
    expect([code, err]).toEqual([2, expect.stringContaining('is neither "allowed" nor "denied"')]);
  });
});

test('--help has examples, and the exit codes', async () => {
  const { code, out } = await access('ask', '--help');
  expect(code).toBe(0);
  expect(out).toContain('npm run -s access -- ask');
  expect(out).toContain('Exit codes: 0');
});
