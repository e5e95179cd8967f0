/** What the tasks of the image have in common. */
import { Size, Tokenization } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  type ContainerImage,
  CpuArchitecture,
  type LogDriver,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../app/contract';
import type { Acknowledgement } from '../nag/acknowledge';
import type { RegistryDatabase } from '../rls/registry-database';

/** Where the image keeps the authorities that may vouch for the database. */
export const CA_FILE = '/app/database-ca.pem';

/** An ordinary user of the image (`app/Dockerfile`). */
export const USER = '1000:1000';

/** The pipeline builds on this; an image for another makes tasks that do not start. */
export const PLATFORM = {
  cpuArchitecture: CpuArchitecture.X86_64,
  operatingSystemFamily: OperatingSystemFamily.LINUX,
};

/** For the definition of each task. */
export const VARIABLES_ARE_NO_SECRETS: Acknowledgement = {
  rules: ['AwsSolutions-ECS2'],
  reason:
    'Endpoints, names and the login: nothing secret. Passwords do not exist, tokens are made per connection',
  owner: 'platform',
  until: '2027-11-30',
};

/** Every service is handed these. */
export interface ServiceCommon {
  readonly image: ContainerImage;
  readonly database: RegistryDatabase;
  readonly stageName: string;
  readonly roleNames: { readonly task: string; readonly execution: string };
}

/** The two roles of a task: what it does, and what starts it. */
export class TaskRoles extends Construct {
  readonly task: Role;
  readonly execution: Role;

  constructor(scope: Construct, id: string, names: ServiceCommon['roleNames']) {
    super(scope, id);
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    this.task = new Role(this, 'Task', {
      roleName: names.task,
      assumedBy,
      description: 'What the code in the container may do',
    });
    this.execution = new Role(this, 'Execution', {
      roleName: names.execution,
      assumedBy,
      description: 'Pulls the image, injects parameters and writes the log',
    });
  }
}

/**
 * What a container prints. While CloudWatch Logs does not take it, lines wait in memory, and the oldest are lost when that
 * is full: the other way, the product would stand still. What must not be lost (transcripts, the trail, statements) comes
 * by other ways. Said, for what holds otherwise is a setting of the account.
 */
export const logsTo = (logGroup: ILogGroup, streamPrefix: string): LogDriver =>
  LogDrivers.awsLogs({
    logGroup,
    streamPrefix,
    mode: AwsLogDriverMode.NON_BLOCKING,
    maxBufferSize: Size.mebibytes(25),
  });

/** What each service is told of the database, and as whom it logs in. */
export function environmentOf(
  { database, stageName }: ServiceCommon,
  service: string,
  login: string,
): Record<string, string> {
  return {
    [ENVIRONMENT.stage]: stageName,
    [ENVIRONMENT.service]: service,
    [ENVIRONMENT.host]: database.host,
    [ENVIRONMENT.port]: Tokenization.stringifyNumber(database.port),
    [ENVIRONMENT.database]: database.name,
    [ENVIRONMENT.user]: login,
    [ENVIRONMENT.login]: 'iam',
    [ENVIRONMENT.caFile]: CA_FILE,
  };
}
