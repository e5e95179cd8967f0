/** Mistakes in policies, planted one at a time into the templates of prod: each is noticed by the check that is for it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Assembly } from '../../../lib/access-model/assembly/assembly';
import { readAssembly } from '../../../lib/access-model/assembly/read';
import { vocabularyOf } from '../../../lib/access-model/cli/open';
import { analyse } from '../../../lib/access-model/matrix/analysis';
import type { Check } from '../../../lib/access-model/promises/check';
import { checksOf } from '../../../lib/access-model/promises/checks';
import { parsePromises } from '../../../lib/access-model/promises/promises';
import { assemblyOf } from '../../support/platform-access';
import { type Any, drop, type Mistake, named, statements } from './mistake';
import { OF_APPROVALS } from './mistakes-of-approvals';

// Seconds of computing each, and more where other tests run beside it.
jest.setTimeout(60_000);

const FILE = 'docs/access-promises.yaml';
const promises = parsePromises(FILE, parse(readFileSync(path.join(__dirname, '../../..', FILE), 'utf8')));

const MISTAKES: readonly Mistake[] = [
  ...OF_APPROVALS,
  {
    title: 'the floor of ProdEngineer is gone',
    check: 'floor',
    failure: /^ProdEngineer floor configuration|^ProdEngineer floor /,
    plant: (of) => drop(statements(of('Identity', 'ProdEngineer'), 'InlinePolicy'), 'NothingElse'),
  },
  {
    title: 'ProdEngineer may open any shell',
    check: 'rows',
    failure: /^ProdEngineer gains shell:backend$/,
    plant: (of) => {
      const row = statements(of('Identity', 'ProdEngineer'), 'InlinePolicy');
      Object.assign(named(row, 'OpenSupportShell'), { Resource: '*', Condition: {} });
      drop(row, 'OpenSupportShellNotElsewhere');
      drop(row, 'OpenSupportShellNotOtherwise');
      drop(statements(of('Foundation', 'PermissionsBoundary'), 'PolicyDocument'), 'Shells');
    },
  },
  {
    title: 'a permission set has no boundary',
    check: 'bounded',
    failure: /^BreakGlassAdmin without/,
    plant: (of) => delete of('Identity', 'BreakGlassAdmin').Properties.PermissionsBoundary,
  },
  {
    title: 'the role of a powerful function has no boundary',
    check: 'bounded',
    failure: /^tz-prod-database-bootstrap without/,
    plant: (of) => delete of('Access', 'DatabaseBootstrapFunctionRole').Properties.PermissionsBoundary,
  },
  {
    title: 'the boundary no longer guards sensitive secrets',
    check: 'floor',
    failure: /floor secret:/,
    plant: (of) => drop(statements(of('Foundation', 'PermissionsBoundary'), 'PolicyDocument'), 'Master'),
  },
  {
    title: 'a secret is read by whoever its key admits',
    check: 'refused',
    failure: /^any other administrator gains secret:tz-prod\/sensitive\/token-signing-keys/,
    plant: (of) =>
      drop(statements(of('Sensitive', 'TokenSigningKeysPolicy'), 'ResourcePolicy'), 'ReadByOthers'),
  },
  {
    title: 'a secret is written by whoever may write secrets',
    check: 'refused',
    failure: /^any other administrator gains secret:write:tz-prod\/sensitive\/break-glass-login/,
    plant: (of) =>
      drop(statements(of('Sensitive', 'BreakGlassLoginPolicy'), 'ResourcePolicy'), 'WriteByOthers'),
  },
  {
    title: 'anybody changes who may read a secret',
    check: 'refused',
    failure: /^any other administrator gains secret:policy:tz-prod\/sensitive\/approver\/ada/,
    plant: (of) => drop(statements(of('Sensitive', 'ApproveradaPolicy'), 'ResourcePolicy'), 'ManageByOthers'),
  },
  {
    title: 'the sensitive key delegates to the account',
    check: 'refused',
    failure: /^no .*sensitive/,
    plant: (of) => {
      statements(of('Sensitive', 'Key961B73FD'), 'KeyPolicy').push({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::333333333333:root' },
        Action: 'kms:*',
        Resource: '*',
      });
    },
  },
  {
    title: 'the support shell logs in as anybody',
    check: 'rows',
    failure: /^tz-prod-support-shell-task gains login:app_backend$/,
    plant: (of) => {
      const policy = statements(of('Services', 'SupportShellRolesTaskDefaultPolicy'), 'PolicyDocument');
      Object.assign(
        policy.find(({ Action }) => Action === 'rds-db:connect'),
        { Resource: '*' },
      );
    },
  },
  {
    title: 'the pipeline is trusted whatever repository it runs for',
    check: 'refused',
    failure: /^a workflow of anybody on GitHub gains /,
    plant: (of) => {
      const [trust] = statements(of('Foundation', 'CiPlatformRole'), 'AssumeRolePolicyDocument');
      delete trust.Condition.StringEquals['token.actions.githubusercontent.com:sub'];
    },
  },
  {
    title: 'the pipeline is trusted for every repository of the owner',
    check: 'refused',
    failure: /^a workflow of another repository of example gains /,
    plant: (of) => {
      const [trust] = statements(of('Foundation', 'CiSensitiveRole'), 'AssumeRolePolicyDocument');
      trust.Condition = { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/*' } };
    },
  },
  {
    title: 'the pipeline is trusted for pull requests',
    check: 'refused',
    failure: /^a workflow of a pull request to example\/tenant-zero gains /,
    plant: (of) => {
      const [trust] = statements(of('Foundation', 'CiPlatformRole'), 'AssumeRolePolicyDocument');
      trust.Condition = {
        StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/tenant-zero:*' },
      };
    },
  },
  {
    title: 'a task’s role trusts its whole account',
    check: 'trusts',
    failure: /^tz-prod-backend-task trusts its account$/,
    plant: (of) => {
      statements(of('Services', 'BackendRolesTaskA14BCBB8'), 'AssumeRolePolicyDocument').push({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::333333333333:root' },
        Action: 'sts:AssumeRole',
      });
    },
  },
  {
    title: 'the platform’s deployer may change powerful functions',
    check: 'rows',
    failure:
      /^cdk-tzprod-cfn-exec-role-.* (gains function|becomes tz-prod-(database-bootstrap|secret-rotation))/,
    plant: (of) =>
      drop(
        statements(of('bootstrap/tz-prod-bootstrap-platform', 'ExecutionLimits'), 'PolicyDocument'),
        'PowerfulFunctions',
      ),
  },
  {
    title: 'whoever administers the account rewrites the policy of the audit bucket',
    check: 'refused',
    failure: /^any other administrator gains records:delete:tz-prod-audit/,
    plant: (of) =>
      drop(statements(of('Operations', 'AuditBucketPolicy'), 'PolicyDocument'), 'ManageByOthers'),
  },
  {
    title: 'transcripts are deleted by whoever may delete objects',
    check: 'refused',
    failure: /^any other administrator gains records:delete:tz-prod-transcripts/,
    plant: (of) => drop(statements(of('Sensitive', 'TranscriptsBucketPolicy'), 'PolicyDocument'), 'Delete'),
  },
  {
    title: 'the sensitive deployer exports transcripts',
    check: 'rows',
    failure: /^cdk-tzprodsens-cfn-exec-role-.* gains records:read:/,
    plant: (of) =>
      drop(
        statements(of('bootstrap/tz-prod-bootstrap-sensitive', 'ExecutionLimits'), 'PolicyDocument'),
        'LogsOfOthers',
      ),
  },
  {
    title: 'images are replaced by whoever may push',
    check: 'refused',
    failure: /^any other administrator gains image:replace/,
    plant: (of) => {
      const repository = of('Foundation', 'Images2D38C313');
      repository.Properties.RepositoryPolicyText.Statement = [];
    },
  },
  {
    title: 'an endpoint lets anybody’s credentials pass',
    check: 'endpoints',
    failure: /Secrets.* open$/,
    plant: (of) => {
      const [statement] = statements(of('Network', 'EndpointsSecretsManager'), 'PolicyDocument');
      delete statement.Condition;
    },
  },
  {
    title: 'an endpoint lets one action of anybody pass',
    check: 'endpoints',
    failure: /ShellS3.* Transcripts open$/,
    plant: (of) => {
      delete named(statements(of('Network', 'EndpointsShellS3'), 'PolicyDocument'), 'Transcripts').Condition;
    },
  },
  {
    title: 'everybody of another account is let in by a condition that names them',
    check: 'outside',
    failure: /^Operations\.AlertsTopicPolicy.* for outside$/,
    plant: (of) => {
      statements(of('Operations', 'AlertsTopicPolicy'), 'PolicyDocument').push({
        Effect: 'Allow',
        Principal: '*',
        Action: 'sns:Subscribe',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': '444444444444' } },
      });
    },
  },
  {
    title: 'Secrets Manager calls the rotation function for anybody',
    check: 'deputies',
    failure: /for anybody$/,
    plant: (of) => delete of('Access', 'SecretRotationFunctionSecretsManager').Properties.SourceAccount,
  },
  {
    title: 'everybody calls the registry function',
    check: 'refused',
    failure: /^anyone of another account gains function:tz-prod-rls-registry/,
    plant: (_of, stack) => {
      stack('Registry').Resources.Open = {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'tz-prod-rls-registry', Principal: '*' },
      };
    },
  },
  {
    title: 'another account changes the code of a function',
    check: 'outside',
    failure: /^Registry\.Open .* for outside$/,
    plant: (_of, stack) => {
      stack('Registry').Resources.Open = {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:UpdateFunctionCode',
          FunctionName: 'tz-prod-rls-registry',
          Principal: '444444444444',
        },
      };
    },
  },
  {
    title: 'the sensitive key is opened to another account',
    check: 'outside',
    failure: /^Sensitive\.Key.* for outside$/,
    plant: (of) => {
      statements(of('Sensitive', 'Key961B73FD'), 'KeyPolicy').push({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444444444444:root' },
        Action: 'kms:Decrypt',
        Resource: '*',
      });
    },
  },
  {
    title: 'engineers are in the group of the break-glass administrators',
    check: 'assignments',
    failure: / shares /,
    plant: (of) => {
      of('Identity', 'BreakGlassAdminGroup').Properties.PrincipalId = of(
        'Identity',
        'ProdEngineerGroup',
      ).Properties.PrincipalId;
    },
  },
  {
    title: 'one person approves, and no group',
    check: 'assignments',
    failure: / is no group$/,
    plant: (of) => {
      of('Identity', 'SensitiveApproverGroup').Properties.PrincipalType = 'USER';
    },
  },
  {
    title: 'a new role is an administrator',
    check: 'rows',
    failure: /^convenience has no row$/,
    plant: (_of, stack) => {
      stack('Services').Resources.Convenience = {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'convenience',
          AssumeRolePolicyDocument: {
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          },
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
      };
    },
  },
  {
    title: 'an action is misspelt, and denies nothing',
    check: 'names',
    failure: /secretsmanager:GetSecretValeu/,
    plant: (of) => {
      named(statements(of('Sensitive', 'TokenSigningKeysPolicy'), 'ResourcePolicy'), 'ReadByOthers').Action =
        'secretsmanager:GetSecretValeu';
    },
  },
  {
    title: 'a resource comes from a parameter that nobody sets',
    check: 'resolved',
    failure: /^unresolved Services\./,
    plant: (of, stack) => {
      stack('Services').Parameters = { ...stack('Services').Parameters, Cluster: { Type: 'String' } };
      const policy = statements(of('Services', 'BackendRolesTaskDefaultPolicy'), 'PolicyDocument');
      policy[0].Resource = { Ref: 'Cluster' };
    },
  },
];

let assembly: Assembly;
let checks: readonly Check[];
beforeAll(async () => {
  assembly = await readAssembly(await assemblyOf('prod'));
  checks = checksOf(promises, await vocabularyOf(analyse(assembly)));
});

function spoiled({ plant }: Mistake): Assembly {
  const stacks = structuredClone(assembly.stacks) as Any[];
  const stack = (id: string): Any => {
    const found = stacks.find((each) => each.id === id);
    if (!found) throw new Error(`no stack ${id}, but ${stacks.map((each) => each.id).join(', ')}`);
    return found.template;
  };
  plant((id, start) => {
    const found = Object.entries<Any>(stack(id).Resources).find(([logicalId]) => logicalId.startsWith(start));
    if (!found) throw new Error(`no ${start} in ${id}`);
    return found[1];
  }, stack);
  return { ...assembly, stacks };
}

test('nothing is noticed where nothing was planted', () => {
  const analysis = analyse(assembly);
  expect(checks.flatMap((check) => check.run(analysis))).toEqual([]);
});

test.each(MISTAKES.map((each) => [each.title, each] as const))('%s', (_title, mistake) => {
  const check = checks.find(({ id }) => id === mistake.check);
  const noticed = check?.run(analyse(spoiled(mistake))).map(({ id }) => id) ?? [];
  expect(noticed.filter((id) => mistake.failure.test(id))).not.toEqual([]);
});

test('a policy attached in a hurry changes nothing: that is what the floor is for', () => {
  const hurried = spoiled({
    title: '',
    check: '',
    failure: /./,
    plant: (of) => {
      of('Identity', 'ProdEngineer').Properties.ManagedPolicies = [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ];
    },
  });
  const analysis = analyse(hurried);
  expect(checks.flatMap((check) => check.run(analysis))).toEqual([]);
});
