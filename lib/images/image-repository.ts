/** Where images lie: written once by one role, never written over, read by the tasks that run them. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

/** Who may do these could replace what a tag means, or take away what runs. */
const CHANGE = [
  'ecr:BatchDeleteImage',
  'ecr:DeleteRepository',
  'ecr:DeleteRepositoryPolicy',
  'ecr:PutImageTagMutability',
  'ecr:PutLifecyclePolicy',
  'ecr:SetRepositoryPolicy',
];

export interface ImageRepositoryProps {
  readonly repositoryName: string;
  readonly encryptionKey: IKey;
  /** Pushes, and is the only one to. */
  readonly builder: IRole;
  /** ARNs of roles that manage the repository. */
  readonly administrators: readonly string[];
  readonly removalPolicy: RemovalPolicy;
}

export class ImageRepository extends Repository {
  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id, {
      repositoryName: props.repositoryName,
      encryption: RepositoryEncryption.KMS,
      encryptionKey: props.encryptionKey,
      imageScanOnPush: true,
      imageTagMutability: TagMutability.IMMUTABLE,
      removalPolicy: props.removalPolicy,
      // Only what never got a tag, hence was never released: a running image must not disappear.
      lifecycleRules: [{ tagStatus: TagStatus.UNTAGGED, maxImageCount: 20 }],
    });
    const { builder, administrators } = props;
    const refuse = (sid: string, actions: readonly string[], allBut: readonly string[]) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: [...actions],
          conditions: { ArnNotLike: { 'aws:PrincipalArn': [...allBut] } },
        }),
      );
    refuse('PushByOthers', PUSH, [builder.roleArn]);
    refuse('ChangeByOthers', CHANGE, administrators);
    builder.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'Push',
        actions: [
          ...PUSH,
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:GetDownloadUrlForLayer',
        ],
        resources: [this.repositoryArn],
      }),
    );
    builder.addToPrincipalPolicy(
      new PolicyStatement({ sid: 'LogIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    );
  }
}
