/** A secret whose own policy refuses everybody who is not named, whatever an identity policy says. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type CfnResourcePolicy,
  type ResourcePolicy,
  Secret,
  type SecretStringGenerator,
} from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type Acknowledgement, acknowledge } from '../nag/acknowledge';
import type { Audience } from './audience';

const READ = ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'];

/** Changes of the value, of who may see it, of where it lies, of whether it is there. */
const WRITE = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];
const MANAGE = [
  'secretsmanager:CancelRotateSecret',
  'secretsmanager:DeleteResourcePolicy',
  'secretsmanager:DeleteSecret',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:RemoveRegionsFromReplication',
  'secretsmanager:ReplicateSecretToRegions',
  'secretsmanager:RestoreSecret',
  'secretsmanager:RotateSecret',
  'secretsmanager:StopReplicationToReplica',
  'secretsmanager:TagResource',
  'secretsmanager:UntagResource',
  'secretsmanager:UpdateSecret',
];

export interface SensitiveSecretProps {
  readonly secretName: string;
  readonly description: string;
  readonly encryptionKey: IKey;
  readonly audience: Audience;
  /** ARNs of roles that manage the secret itself, and cannot read it. */
  readonly administrators: readonly string[];
  /** The first value, which nobody has ever seen. */
  readonly initial: SecretStringGenerator;
  readonly removalPolicy: RemovalPolicy;
  /** Why no schedule for rotation stands beside it. */
  readonly rotation: Acknowledgement;
}

export class SensitiveSecret extends Secret {
  constructor(scope: Construct, id: string, props: SensitiveSecretProps) {
    const { secretName, description, encryptionKey, removalPolicy, audience, administrators, initial } =
      props;
    super(scope, id, {
      secretName,
      description,
      encryptionKey,
      removalPolicy,
      generateSecretString: initial,
    });
    const refuse = (sid: string, actions: readonly string[], allBut: readonly string[]) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: [...actions],
          resources: ['*'],
          // True as well for callers without an ARN: a service that acts for nobody is nobody.
          conditions: { ArnNotLike: { 'aws:PrincipalArn': [...new Set(allBut)].sort() } },
        }),
      );
    refuse('ReadByOthers', READ, audience.readers);
    refuse('WriteByOthers', WRITE, audience.writers);
    refuse('ManageByOthers', MANAGE, administrators);
    acknowledge(this, props.rotation);
    // Not even a slip in a later change may open it to other accounts.
    const policy = this.node.findChild('Policy') as ResourcePolicy;
    (policy.node.defaultChild as CfnResourcePolicy).blockPublicPolicy = true;
  }
}
