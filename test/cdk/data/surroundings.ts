/** What a database stands in, for tests of one construct. */
import { Duration, Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { DatabaseProps } from '../../../lib/data/settings';
import { testApp } from '../../support/stages';

export function testStack(): Stack {
  return new Stack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
}

export function databaseProps(
  stack: Stack,
  protection: DatabaseProps['protection'] = 'retained',
): DatabaseProps {
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    natGateways: 0,
    // It would bring a function and a role, which the tests of the database count.
    restrictDefaultSecurityGroup: false,
  });
  return {
    identifier: 'tz-test-database',
    databaseName: 'tenant_zero',
    vpc,
    subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroup: new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false }),
    sensitiveKey: new Key(stack, 'Sensitive'),
    backupRetention: Duration.days(7),
    protection,
  };
}
