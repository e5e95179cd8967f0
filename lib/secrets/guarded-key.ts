/**
 * A key whose policy is all there is: no delegation to the account, so no identity policy of anybody opens it. Whoever
 * administers it cannot use it, short of changing its policy, which is recorded and rings (`key-policy-changed`).
 */
import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type AddToResourcePolicyResult,
  ArnPrincipal,
  Grant,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { rolesOf } from './principals';

/** Everything but using it, and but letting others use it by grants. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

export interface GuardedKeyProps {
  /** Without `alias/`: policies of other accounts know the key by it. */
  readonly alias: string;
  readonly description: string;
  /**
   * ARNs of roles that exist: KMS wants to know them, and refuses a policy that would lock everybody out. The deployer must
   * be one of them.
   */
  readonly administrators: readonly string[];
  /** Roles, as patterns, that may see the policy and the grants. */
  readonly auditors: readonly string[];
  readonly removalPolicy: RemovalPolicy;
}

export class GuardedKey extends Key {
  constructor(scope: Construct, id: string, props: GuardedKeyProps) {
    super(scope, id, {
      alias: props.alias,
      description: props.description,
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'Administration',
            principals: props.administrators.map((arn) => new ArnPrincipal(arn)),
            actions: ADMINISTRATION,
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'SeePolicy',
            principals: [rolesOf(Stack.of(scope).account, props.auditors)],
            actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListGrants'],
            resources: ['*'],
          }),
        ],
      }),
    });
  }

  /**
   * Nothing from outside enters the policy. The CDK would let it in: a secret opens its key to the whole account, by way of
   * Secrets Manager. Whoever uses this key stands in its policy by name, and writes what its own role needs.
   */
  override addToResourcePolicy(): AddToResourcePolicyResult {
    return { statementAdded: false };
  }

  override grant(grantee: IGrantable): Grant {
    return Grant.drop(grantee, 'the policy of this key is written in one place');
  }

  /** For the constructs that write this policy. */
  protected allow(statement: PolicyStatementProps): void {
    super.addToResourcePolicy(new PolicyStatement({ ...statement, resources: ['*'] }));
  }
}
