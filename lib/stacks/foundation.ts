/** What everything else stands on: the boundary of all roles, the pipeline's roles, the place of images, access logs. */
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { Boundary } from '../identity/boundary';
import { GitHubProvider, GitHubRole } from '../identity/github';
import { ImageRepository } from '../images/image-repository';
import { acknowledge } from '../nag/acknowledge';
import { NO_RESOURCES } from '../nag/standing';
import { environmentsOf, type Stage } from '../stage';
import { AccessLogsBucket } from '../storage/access-logs-bucket';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export class FoundationStack extends PlatformStack {
  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: permissions boundary, roles of the pipeline, image repository',
    });
    const { names } = this;
    const { github, bootstrap } = stage;
    const removalPolicy = removalOf(stage.protection);
    const boundary = new Boundary(this, 'PermissionsBoundary', { names });

    const role = (roleId: string, roleName: string, environment: string, description: string) =>
      new GitHubRole(this, roleId, { roleName, description, repository: github.repository, environment });
    const platform = role(
      'CiPlatform',
      names.roles.ciPlatform.name,
      github.platformEnvironment,
      'Deploys the platform',
    );
    const sensitive = role(
      'CiSensitive',
      names.roles.ciSensitive.name,
      github.sensitiveEnvironment,
      'Deploys what decides, hides or records access',
    );
    const builder = role(
      'ImageBuilder',
      names.roles.imageBuilder.name,
      github.platformEnvironment,
      'Builds the image',
    );
    platform.mayDeployWith(bootstrap.platform, environmentsOf(stage, 'platform'));
    sensitive.mayDeployWith(bootstrap.sensitive, environmentsOf(stage, 'sensitive'));
    if (github.createProvider) {
      const provider = new GitHubProvider(this, 'GitHub');
      for (const each of [platform, sensitive, builder]) each.node.addDependency(provider);
    }
    // By name, as in all stacks: CloudFormation does not see that these roles need it.
    for (const each of [platform, sensitive, builder]) each.node.addDependency(boundary);

    acknowledge(builder, NO_RESOURCES);
    new ImageRepository(this, 'Images', {
      repositoryName: stage.image.repository,
      encryptionKey: new Key(this, 'ImagesKey', {
        alias: `${names.prefix}-images`,
        description: 'Images of the platform',
        enableKeyRotation: true,
        removalPolicy,
      }),
      builder: builder.role,
      administrators: [names.execution.sensitive, ...stage.sensitiveAdministrators],
      removalPolicy,
    });
    new AccessLogsBucket(this, 'AccessLogs', {
      bucketName: names.buckets.accessLogs,
      keepFor: Duration.days(stage.logs.retentionDays),
      removalPolicy,
    });
  }
}
