/** A CDK app of somebody else: none of this repository's constructs, names or conventions. */
import { App, Duration, NestedStack, Stack, type StackProps, Stage } from 'aws-cdk-lib';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { AccountRootPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnAssignment, CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export const ENVIRONMENT = { account: '444444444444', region: 'eu-west-1' };

/** @param outdir where it is synthesized to */
export function foreignApp(outdir: string): App {
  const app = newApp(outdir);
  const storage = new Storage(app, 'Storage', { env: ENVIRONMENT });
  new Shop(app, 'Shop', { env: ENVIRONMENT, storage });
  new People(app, 'People', { env: ENVIRONMENT });
  new Archive(new Stage(app, 'Beta', { env: ENVIRONMENT }), 'Archive');
  new Archive(app, 'Anywhere');
  return app;
}

/** No stack says where it is deployed. */
export function agnosticApp(outdir: string): App {
  const app = newApp(outdir);
  new Shop(app, 'Shop', { storage: new Storage(app, 'Storage') });
  return app;
}

const newApp = (outdir: string) =>
  new App({ outdir, builtinCloudFormationValidation: false, analyticsReporting: false });

class Storage extends Stack {
  readonly uploads = new Bucket(this, 'Uploads');
  readonly payments = new Secret(this, 'Payments', { secretName: 'payments/api-key' });
  readonly orders = new Queue(this, 'Orders', { queueName: 'orders' });
}

class Shop extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly storage: Storage }) {
    super(scope, id, props);
    const { uploads, payments, orders } = props.storage;
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      availabilityZones: [`${props.env?.region ?? 'us-east-1'}a`],
      natGateways: 0,
      subnetConfiguration: [{ name: 'inside', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    const taskDefinition = new FargateTaskDefinition(this, 'Task');
    taskDefinition.addContainer('web', {
      image: ContainerImage.fromRegistry('nginx'),
      logging: LogDrivers.awsLogs({ streamPrefix: 'web' }),
    });
    payments.grantRead(taskDefinition.taskRole);
    new FargateService(this, 'Web', {
      serviceName: 'web',
      cluster: new Cluster(this, 'Cluster', { vpc, clusterName: 'shop' }),
      taskDefinition,
      enableExecuteCommand: true,
    });
    const worker = new LambdaFunction(this, 'Worker', {
      functionName: 'order-worker',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
      timeout: Duration.seconds(10),
    });
    worker.addEventSource(new SqsEventSource(orders));
    uploads.grantWrite(worker);
    new StateMachine(this, 'Refund', {
      stateMachineName: 'refund',
      definitionBody: DefinitionBody.fromChainable(new Pass(this, 'Done')),
    });
    const notifications = new NestedStack(this, 'Notifications');
    new Topic(notifications, 'Refunds').grantPublish(worker);
  }
}

class People extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.set('Support', [
      new PolicyStatement({ actions: ['ecs:ExecuteCommand'], resources: ['*'] }),
      new PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: ['*'] }),
    ]);
    this.set('Accounting', [
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: ['*'] }),
    ]);
    this.set('Clerk', [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] })]);
    this.set('Viewer', [new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] })]);
  }

  private set(name: string, statements: readonly PolicyStatement[]): void {
    const instanceArn = 'arn:aws:sso:::instance/ssoins-fedcba0987654321';
    const { attrPermissionSetArn: permissionSetArn } = new CfnPermissionSet(this, name, {
      instanceArn,
      name,
      inlinePolicy: {
        Version: '2012-10-17',
        Statement: statements.map((each) => each.toStatementJson()),
      },
    });
    new CfnAssignment(this, `${name}Assignment`, {
      instanceArn,
      permissionSetArn,
      principalId: '90672f1c-2051-70c1-9c6f-2b9dd5b1a1f1',
      principalType: 'GROUP',
      targetId: ENVIRONMENT.account,
      targetType: 'AWS_ACCOUNT',
    });
  }
}

class Archive extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket');
    bucket.grantRead(new Role(this, 'Reader', { assumedBy: new AccountRootPrincipal() }));
  }
}
