/** Sees who may do what and who did it: policies, trail, transcripts, the ledger of the database. Changes nothing. */
import type { Names } from '../../names';
import type { Row } from '../row';
import { RESULTS_OF_QUERIES } from '../upkeep';

export function securityAuditor(names: Names): Row {
  const { buckets, database, logGroups, prefix, region, secrets } = names;
  const read = [
    logGroups.trail,
    logGroups.transcripts,
    logGroups.database,
    logGroups.instance,
    logGroups.rlsRegistry,
  ];
  return [
    {
      sid: 'WhoMayDoWhat',
      actions: [
        'access-analyzer:Get*',
        'access-analyzer:List*',
        'backup:Describe*',
        'backup:GetBackupVaultAccessPolicy',
        'backup:List*',
        'cloudtrail:Describe*',
        'cloudtrail:Get*',
        'cloudtrail:List*',
        'cloudtrail:LookupEvents',
        'cloudwatch:Describe*',
        'cloudwatch:Get*',
        'cloudwatch:List*',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeVpcEndpoints',
        'ecr:GetRepositoryPolicy',
        'ecs:Describe*',
        'ecs:List*',
        'iam:GenerateCredentialReport',
        'iam:Get*',
        'iam:List*',
        'iam:SimulatePrincipalPolicy',
        'kms:DescribeKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListAliases',
        'kms:ListGrants',
        'kms:ListKeys',
        'lambda:GetFunctionConfiguration',
        'lambda:GetPolicy',
        'lambda:ListFunctions',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:DescribeMetricFilters',
        'organizations:Describe*',
        'organizations:List*',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        's3:GetBucketLocation',
        's3:GetBucketObjectLockConfiguration',
        's3:GetBucketPolicy',
        's3:GetBucketPublicAccessBlock',
        's3:ListAllMyBuckets',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:ListSecrets',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sso:Describe*',
        'sso:Get*',
        'sso:List*',
        'sts:GetCallerIdentity',
      ],
    },
    {
      sid: 'WhoDidIt',
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
      resources: [buckets.audit, buckets.transcripts].flatMap((name) => [
        `arn:aws:s3:::${name}`,
        `arn:aws:s3:::${name}/*`,
      ]),
    },
    {
      sid: 'WhatWasWritten',
      actions: ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:StartQuery'],
      resources: read.flatMap(({ arn }) => [arn, `${arn}:*`]),
    },
    RESULTS_OF_QUERIES,
    {
      sid: 'ReadItsSecret',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secrets.auditor.arn],
    },
    {
      // The database's ledger, as the login that sees nothing else.
      sid: 'TheLedger',
      actions: [
        'rds-data:BeginTransaction',
        'rds-data:CommitTransaction',
        'rds-data:ExecuteStatement',
        'rds-data:RollbackTransaction',
      ],
      resources: [database.arn],
    },
    {
      sid: 'Decrypt',
      actions: ['kms:Decrypt'],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['s3', 'secretsmanager'].map((each) => `${each}.${region}.amazonaws.com`),
        },
        'ForAnyValue:StringEquals': {
          'kms:ResourceAliases': [`alias/${prefix}-audit`, `alias/${prefix}-sensitive`],
        },
      },
    },
  ];
}
