/** What CloudFormation reads of its own bootstrap, wherever that stands: assets, and the version of the bootstrap. */
import type { Environment } from '../stage';
import { allow, type Statement } from './statement';

export function readsOf(qualifier: string, environments: readonly Environment[]): Statement[] {
  return [
    allow(
      'ReadParameters',
      ['ssm:GetParameter*'],
      environments.map(
        ({ account, region }) =>
          `arn:aws:ssm:${region}:${account}:parameter/cdk-bootstrap/${qualifier}/version`,
      ),
    ),
    allow(
      'Assets',
      ['s3:GetBucketLocation', 's3:GetObject', 's3:ListBucket'],
      environments.flatMap(({ account, region }) => {
        const bucket = `arn:aws:s3:::cdk-${qualifier}-assets-${account}-${region}`;
        return [bucket, `${bucket}/*`];
      }),
    ),
  ];
}
