/** Ways in which the approvals could become somebody else's. */
import { drop, type Mistake, named, statements } from './mistake';

export const OF_APPROVALS: readonly Mistake[] = [
  {
    title: 'the platform’s deployer may change the code of the approvals',
    check: 'rows',
    failure: /^cdk-tzprod-cfn-exec-role-.* becomes tz-prod-approvals$/,
    plant: (of) => {
      const limits = of('bootstrap/tz-prod-bootstrap-platform', 'ExecutionLimits');
      const denied = named(statements(limits, 'PolicyDocument'), 'PowerfulFunctions');
      denied.Resource = denied.Resource.filter((arn: string) => !arn.includes('approvals'));
    },
  },
  {
    title: 'somebody else calls the approvals',
    check: 'rows',
    failure: /^tz-prod-backend-task gains function:tz-prod-approvals$/,
    plant: (of) => {
      statements(of('Services', 'BackendRolesTaskDefaultPolicy'), 'PolicyDocument').push({
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:eu-central-1:333333333333:function:tz-prod-approvals',
      });
    },
  },
  {
    title: 'everybody calls the approvals',
    check: 'refused',
    failure: /^anyone of another account gains function:tz-prod-approvals/,
    plant: (_of, stack) => {
      stack('Access').Resources.Open = {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'tz-prod-approvals', Principal: '*' },
      };
    },
  },
  {
    title: 'any schedule calls the approvals',
    check: 'deputies',
    failure: /for anybody$/,
    plant: (of) => delete of('Access', 'ApprovalsMeasureAllowEventRule').Properties.SourceArn,
  },
  {
    title: 'the role of the approvals trusts its whole account',
    check: 'trusts',
    failure: /^tz-prod-approvals trusts its account$/,
    plant: (of) => {
      statements(of('Access', 'ApprovalsFunctionRole'), 'AssumeRolePolicyDocument').push({
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::333333333333:root' },
        Action: 'sts:AssumeRole',
      });
    },
  },
  {
    title: 'the approvals log in as anybody',
    check: 'rows',
    failure: /^tz-prod-approvals gains login:registry_applier$/,
    plant: (of) => {
      const policy = statements(of('Access', 'ApprovalsFunctionRoleDefaultPolicy'), 'PolicyDocument');
      Object.assign(
        policy.find(({ Action }) => Action === 'rds-db:connect'),
        { Resource: '*' },
      );
    },
  },
  {
    title: 'an engineer reads the seed of an approver',
    check: 'refused',
    failure: /^ProdEngineer gains secret:tz-prod\/sensitive\/approver\/ada/,
    plant: (of) => {
      const row = statements(of('Identity', 'ProdEngineer'), 'InlinePolicy');
      named(row, 'NothingElse').NotAction.push('secretsmanager:GetSecretValue');
      row.push({ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' });
      drop(statements(of('Foundation', 'PermissionsBoundary'), 'PolicyDocument'), 'SensitiveSecrets');
      drop(statements(of('Sensitive', 'ApproveradaPolicy'), 'ResourcePolicy'), 'ReadByOthers');
    },
  },
  {
    title: 'whoever administers the account puts heads of the ledger into the audit bucket',
    check: 'refused',
    failure: /^any other administrator gains records:write:tz-prod-audit/,
    plant: (of) => drop(statements(of('Operations', 'AuditBucketPolicy'), 'PolicyDocument'), 'WriteByOthers'),
  },
  {
    title: 'an engineer puts entries into the audit bucket',
    check: 'refused',
    failure: /^ProdEngineer gains records:write:tz-prod-audit/,
    plant: (of) => {
      const row = statements(of('Identity', 'ProdEngineer'), 'InlinePolicy');
      named(row, 'NothingElse').NotAction.push('s3:PutObject');
      row.push({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' });
      const policy = statements(of('Operations', 'AuditBucketPolicy'), 'PolicyDocument');
      named(policy, 'WriteByOthers').Condition.ArnNotLike['aws:PrincipalArn'] = '*';
    },
  },
];
