/** A permission set of Identity Center, and the groups that are assigned to it in one account. */
import { type Duration, Token } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { CfnAssignment, CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import { Construct } from 'constructs';
import { allowed, floorOf, type Row } from './row';

/** Of an inline policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_MAX_CHARACTERS = 10_240;

/** https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html */
const SESSION_MINUTES = { least: 60, most: 720 };

export interface PermissionSetProps {
  readonly instanceArn: string;
  /** Policies of keys and secrets know the role by it. */
  readonly name: string;
  readonly description: string;
  readonly row: Row;
  /** Between one and twelve hours: Identity Center knows no shorter one. */
  readonly session: Duration;
  /** A managed policy of this name must be in the account before anybody is assigned there. */
  readonly boundaryName: string;
  /** The account that people get the role in. */
  readonly account: string;
  /** Ids of groups of Identity Center. */
  readonly groups: readonly string[];
}

export class PermissionSet extends Construct {
  readonly resource: CfnPermissionSet;

  constructor(scope: Construct, id: string, props: PermissionSetProps) {
    super(scope, id);
    const minutes = props.session.toMinutes();
    if (minutes < SESSION_MINUTES.least || minutes > SESSION_MINUTES.most) {
      throw new Error(
        `sessions of ${props.name} would last ${minutes} minutes: Identity Center takes ${SESSION_MINUTES.least} to ${SESSION_MINUTES.most}`,
      );
    }
    const policy = new PolicyDocument({ statements: [...allowed(props.row), ...floorOf(props.row)] });
    const inlinePolicy = policy.toJSON();
    const size = JSON.stringify(inlinePolicy).length;
    if (size > INLINE_MAX_CHARACTERS) {
      throw new Error(
        `the policy of ${props.name} has ${size} characters, ${INLINE_MAX_CHARACTERS} are allowed`,
      );
    }
    if (Token.isUnresolved(inlinePolicy))
      throw new Error(`the policy of ${props.name} is not known at synth`);
    this.resource = new CfnPermissionSet(this, 'Resource', {
      instanceArn: props.instanceArn,
      name: props.name,
      description: props.description,
      sessionDuration: props.session.toIsoString(),
      inlinePolicy,
      permissionsBoundary: { customerManagedPolicyReference: { name: props.boundaryName, path: '/' } },
    });
    for (const [index, group] of props.groups.entries()) {
      new CfnAssignment(this, `Group${index + 1}`, {
        instanceArn: props.instanceArn,
        permissionSetArn: this.resource.attrPermissionSetArn,
        principalId: group,
        principalType: 'GROUP',
        targetId: props.account,
        targetType: 'AWS_ACCOUNT',
      });
    }
  }
}
