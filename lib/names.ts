/**
 * Physical names that policies, key policies and alarms refer to. They are known before anything exists, so that what
 * guards a thing is deployed before the thing, by somebody else, and without a reference between the stacks.
 */
import type { Stage } from './stage';

export type Names = ReturnType<typeof namesOf>;

export function namesOf({ name, account, region, bootstrap, identityCenter }: Stage) {
  const prefix = `tz-${name}`;
  const role = (suffix: string) => ({
    name: `${prefix}-${suffix}`,
    arn: `arn:aws:iam::${account}:role/${prefix}-${suffix}`,
  });
  const secret = (suffix: string) => ({
    name: `${prefix}/sensitive/${suffix}`,
    /** Secrets Manager appends six characters that nobody knows before. */
    arn: `arn:aws:secretsmanager:${region}:${account}:secret:${prefix}/sensitive/${suffix}-??????`,
  });
  const logGroup = (logGroupName: string) => ({
    name: logGroupName,
    arn: `arn:aws:logs:${region}:${account}:log-group:${logGroupName}`,
  });
  const fn = (suffix: string) => ({
    name: `${prefix}-${suffix}`,
    arn: `arn:aws:lambda:${region}:${account}:function:${prefix}-${suffix}`,
  });
  const cluster = (suffix: string) => ({
    name: `${prefix}-${suffix}`,
    arn: `arn:aws:ecs:${region}:${account}:cluster/${prefix}-${suffix}`,
    /** Tasks of this cluster and of no other: no wildcard in the cluster's name. */
    tasks: `arn:aws:ecs:${region}:${account}:task/${prefix}-${suffix}/*`,
  });
  const execution = (qualifier: string) =>
    `arn:aws:iam::${account}:role/cdk-${qualifier}-cfn-exec-role-${account}-${region}`;
  return {
    prefix,
    account,
    region,
    boundary: { name: `${prefix}-boundary`, arn: `arn:aws:iam::${account}:policy/${prefix}-boundary` },
    roles: {
      backendTask: role('backend-task'),
      backendExecution: role('backend-execution'),
      supportShellTask: role('support-shell-task'),
      supportShellExecution: role('support-shell-execution'),
      migrationTask: role('migration-task'),
      /** Reads the master secret: creates the roles of the database and sets the passwords that are left. */
      databaseBootstrap: role('database-bootstrap'),
      /** Rotates the secrets of this stage. */
      secretRotation: role('secret-rotation'),
      /** Checks codes and makes grants. */
      approvals: role('approvals'),
      rlsRegistry: role('rls-registry'),
      ciPlatform: role('ci-platform'),
      ciSensitive: role('ci-sensitive'),
      imageBuilder: role('image-builder'),
    },
    /** What CloudFormation acts as, one for each bootstrap. */
    execution: { platform: execution(bootstrap.platform), sensitive: execution(bootstrap.sensitive) },
    clusters: { main: cluster('main'), support: cluster('support'), migration: cluster('migration') },
    services: { backend: 'backend', supportShell: 'support-shell' },
    secrets: {
      breakGlass: secret('break-glass-login'),
      auditor: secret('auditor-login'),
      tokenKeys: secret('token-signing-keys'),
      sessionKeys: secret('session-signing-keys'),
      approver: (approver: string) => secret(`approver/${approver}`),
      /** Every secret of this stage's sensitive class. */
      all: `arn:aws:secretsmanager:${region}:${account}:secret:${prefix}/sensitive/*`,
      /** What RDS manages: the master's login. */
      master: `arn:aws:secretsmanager:${region}:${account}:secret:rds!*`,
    },
    database: {
      cluster: `${prefix}-database`,
      arn: `arn:aws:rds:${region}:${account}:cluster:${prefix}-database`,
      instances: `arn:aws:rds:${region}:${account}:db:${prefix}-*`,
    },
    functions: {
      databaseBootstrap: fn('database-bootstrap'),
      secretRotation: fn('secret-rotation'),
      approvals: fn('approvals'),
      rlsRegistry: fn('rls-registry'),
      rlsVerify: fn('rls-verify'),
    },
    rules: {
      /** Calls the approvals once a minute: what is measured, and the head of the ledger. */
      approvals: {
        name: `${prefix}-approvals-measure`,
        arn: `arn:aws:events:${region}:${account}:rule/${prefix}-approvals-measure`,
      },
    },
    logGroups: {
      /** Statements and their values may stand in it: under the sensitive key. */
      database: logGroup(`/aws/rds/cluster/${prefix}-database/postgresql`),
      instance: logGroup(`/aws/rds/instance/${prefix}-database/postgresql`),
      transcripts: logGroup(`/${prefix}/support-shell/transcripts`),
      backend: logGroup(`/${prefix}/backend`),
      supportShell: logGroup(`/${prefix}/support-shell/service`),
      migration: logGroup(`/${prefix}/migration`),
      rlsRegistry: logGroup(`/aws/lambda/${prefix}-rls-registry`),
      trail: logGroup(`/${prefix}/trail`),
    },
    buckets: {
      audit: `${prefix}-audit-${account}-${region}`,
      transcripts: `${prefix}-transcripts-${account}-${region}`,
      /** Who read the other buckets, and who asked the load balancer. */
      accessLogs: `${prefix}-access-logs-${account}-${region}`,
    },
    /** Non-sensitive configuration of the backend: `app/contract.ts` says which keys there are. */
    configuration: (key: string) => ({
      name: `/${prefix}/configuration/${key}`,
      arn: `arn:aws:ssm:${region}:${account}:parameter/${prefix}/configuration/${key}`,
    }),
    topic: {
      name: `${prefix}-alerts`,
      arn: `arn:aws:sns:${region}:${account}:${prefix}-alerts`,
    },
    trail: { name: `${prefix}-trail`, arn: `arn:aws:cloudtrail:${region}:${account}:trail/${prefix}-trail` },
    /**
     * The role that Identity Center makes of a permission set, as a pattern for `aws:PrincipalArn`. Sixteen characters,
     * each of them: a bare `*` would match permission sets whose name only begins so. The path has no region where
     * Identity Center lives in us-east-1.
     */
    personaRole: (permissionSet: string) => {
      const where = identityCenter.region === 'us-east-1' ? '' : `${identityCenter.region}/`;
      return `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${where}AWSReservedSSO_${permissionSet}_????????????????`;
    },
  } as const;
}
