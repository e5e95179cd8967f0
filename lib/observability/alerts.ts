/** One topic: everything that rings goes there, and from there to people. */
import { Stack } from 'aws-cdk-lib';
import { CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AnyPrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { GuardedKey, type GuardedKeyProps } from '../secrets/guarded-key';
import { rolesOf } from '../secrets/principals';

export interface AlertsProps {
  readonly topicName: string;
  readonly key: GuardedKeyProps;
  readonly emails: readonly string[];
  readonly slack: { readonly workspaceId: string; readonly channelId: string } | undefined;
  /** Roles that announce something themselves, as patterns. */
  readonly publishers: readonly string[];
}

export class Alerts extends Construct {
  readonly topic: Topic;
  /** Encrypts messages: publishers need it. */
  readonly key: IKey;
  readonly action: SnsAction;

  constructor(scope: Construct, id: string, { topicName, key, emails, slack, publishers }: AlertsProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    this.key = new AlertsKey(this, 'Key', { ...key, publishers });
    this.topic = new Topic(this, 'Topic', {
      topicName,
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const service of SERVICES) {
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          sid: `From-${service.split('.')[0]}`.replaceAll('-', ''),
          principals: [new ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      );
    }
    // An alarm that anybody can imitate is soon believed by nobody.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyElse',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          ArnNotLike: { 'aws:PrincipalArn': [...publishers] },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    );
    for (const address of emails) this.topic.addSubscription(new EmailSubscription(address));
    if (slack) this.chat(topicName, slack);
    this.action = new SnsAction(this.topic);
  }

  /** People see the alarm there, and can do nothing from there. */
  private chat(name: string, { workspaceId, channelId }: NonNullable<AlertsProps['slack']>): void {
    const role = new Role(this, 'ChatRole', {
      assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
      description: 'Shows alarms in the chat, and may do nothing',
    });
    new CfnSlackChannelConfiguration(this, 'Chat', {
      configurationName: name,
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      iamRoleArn: role.roleArn,
      guardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      loggingLevel: 'ERROR',
      snsTopicArns: [this.topic.topicArn],
    });
  }
}

const SERVICES = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'];

/** Messages name people and tenants. */
class AlertsKey extends GuardedKey {
  constructor(
    scope: Construct,
    id: string,
    props: GuardedKeyProps & { readonly publishers: readonly string[] },
  ) {
    super(scope, id, props);
    const { account, region } = Stack.of(this);
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    this.allow({
      sid: 'AlarmsAndEvents',
      principals: SERVICES.map((each) => new ServicePrincipal(each)),
      actions,
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    this.allow({
      sid: 'Publishers',
      principals: [rolesOf(account, props.publishers)],
      actions,
      // To put messages into the topic, and not to read what it stores.
      conditions: { StringEquals: { 'kms:ViaService': `sns.${region}.amazonaws.com` } },
    });
  }
}
