/** The key of ordinary log groups: those in which no statement and no secret stands. */
import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface LogsKeyProps {
  /** Without `alias/`. */
  readonly alias: string;
  readonly removalPolicy: RemovalPolicy;
}

export class LogsKey extends Key {
  constructor(scope: Construct, id: string, { alias, removalPolicy }: LogsKeyProps) {
    const { account, region } = Stack.of(scope);
    super(scope, id, {
      alias,
      description: 'Log groups and function environments of the platform',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroupsOfThisAccount',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }
}
