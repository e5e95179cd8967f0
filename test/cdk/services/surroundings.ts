/** What services stand in, for tests of one construct. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ImageByDigest } from '../../../lib/images/image-by-digest';
import { testApp } from '../../support/stages';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/';
export const LOGS_KEY = `${KEY}logs`;
export const SENSITIVE_KEY = `${KEY}sensitive`;
export const SESSION_KEY = `${KEY}session`;
export const loginAs = (user: string) => `arn:aws:rds-db:eu-central-1:111122223333:dbuser:cluster-X/${user}`;

export function serviceSurroundings() {
  const stack = new Stack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    natGateways: 0,
    // It would bring a function and a role, which the tests of services count.
    restrictDefaultSecurityGroup: false,
  });
  return {
    stack,
    sensitiveKey: Key.fromKeyArn(stack, 'SensitiveKey', SENSITIVE_KEY),
    sessionKey: Key.fromKeyArn(stack, 'SessionKey', SESSION_KEY),
    common: {
      vpc,
      subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroup: new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false }),
      logsKey: Key.fromKeyArn(stack, 'LogsKey', LOGS_KEY),
      logRetention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
      image: new ImageByDigest({ repository: 'app', digest: `sha256:${'a'.repeat(64)}` }),
      stageName: 'test',
      roleNames: { task: 'test-task', execution: 'test-execution' },
      database: {
        host: 'database.example.com',
        port: 5433,
        name: 'tenant_zero',
        grantConnect: (grantee: IGrantable, user: string) =>
          grantee.grantPrincipal.addToPrincipalPolicy(
            new PolicyStatement({ actions: ['rds-db:connect'], resources: [loginAs(user)] }),
          ),
      },
    },
  };
}

/** The properties of the only resource of a type; throws when there is another, or none. */
export function only(template: Template, type: string) {
  template.resourceCountIs(type, 1);
  const [resource] = Object.values(template.findResources(type));
  if (!resource) throw new Error(`no ${type}`);
  return resource.Properties;
}

/** Every statement of a role's policies, with the name that the role has in the stack. */
export const statementsOf = (template: Template, role: 'Task' | 'Execution') =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties: { Roles } }) => JSON.stringify(Roles).includes(`Roles${role}`))
    .flatMap(({ Properties: { PolicyDocument } }) => PolicyDocument.Statement);

/** What a container is told in plain values, as its process sees it on Fargate, which adds the region. */
export const environmentOf = (container: { Environment: { Name: string; Value: string }[] }) => ({
  AWS_REGION: 'eu-central-1',
  ...Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value])),
});
