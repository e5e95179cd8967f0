/** The image that was built and reviewed, by its digest: a tag could come to mean something else. */
import { Stack } from 'aws-cdk-lib';
import { type ContainerDefinition, ContainerImage, type ContainerImageConfig } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { NO_RESOURCES } from '../nag/standing';

export interface ImageByDigestProps {
  /** Name of the repository in this account and region. */
  readonly repository: string;
  /** `sha256:...` */
  readonly digest: string;
}

export class ImageByDigest extends ContainerImage {
  constructor(private readonly props: ImageByDigestProps) {
    super();
  }

  override bind(scope: Construct, container: ContainerDefinition): ContainerImageConfig {
    const { account, region, urlSuffix } = Stack.of(scope);
    const { repository, digest } = this.props;
    const role = container.taskDefinition.obtainExecutionRole();
    role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'PullTheImage',
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [`arn:aws:ecr:${region}:${account}:repository/${repository}`],
      }),
    );
    // Has no resource: it only says who asks.
    role.addToPrincipalPolicy(
      new PolicyStatement({ sid: 'LogInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    );
    acknowledge(role, NO_RESOURCES);
    return { imageName: `${account}.dkr.ecr.${region}.${urlSuffix}/${repository}@${digest}` };
  }
}
