/** Ways to the rows of the database: a shell beside it, a login, the Data API, a copy. */
import type { Estate, Target } from '../estate/estate';
import { record, text } from '../estate/properties';
import type { Policy } from '../policy/document';
import type { Capability, Step, Way } from './capability';
import type { Classes } from './classes';
import { servicesOf } from './tasks';
import {
  anyOf,
  arns,
  decryptingSecret,
  isCalled,
  ofType,
  shortName,
  somewhere,
  step,
  way,
  whereabouts,
} from './ways';

export function dataCapabilities(estate: Estate, classes: Classes): Capability[] {
  const clusters = ofType(estate, 'AWS::RDS::DBCluster');
  const databases = databasesOf(estate);
  return [
    ...shells(estate, classes),
    ...logins(estate, databases),
    {
      id: 'database:data-api',
      title: 'run SQL through the Data API',
      group: 'data',
      ways: clusters.flatMap(({ arn }) => dataApi(arn, estate, classes)),
    },
    {
      id: 'database:copy',
      title: 'take a copy of the database away',
      group: 'data',
      ways: databases.length === 0 ? [] : copies(estate, databases),
    },
    {
      id: 'database:settings',
      title: 'change the settings or the master password of the database',
      group: 'data',
      ways: [
        ...anyOf(['rds:ModifyDBCluster', 'rds:EnableHttpEndpoint', 'rds:AddRoleToDBCluster'], arns(clusters)),
        ...anyOf(
          ['rds:ModifyDBInstance', 'rds:AddRoleToDBInstance'],
          arns(ofType(estate, 'AWS::RDS::DBInstance')),
        ),
        ...anyOf(
          ['rds:ModifyDBClusterParameterGroup'],
          arns(ofType(estate, 'AWS::RDS::DBClusterParameterGroup')),
        ),
        ...anyOf(['rds:StartActivityStream'], arns(databases)),
      ],
    },
    {
      id: 'database:statements',
      title: 'read statements that ran on the database, with their values',
      group: 'data',
      ways:
        databases.length === 0
          ? []
          : [
              ...anyOf(
                ['rds:DownloadDBLogFilePortion', 'rds:DownloadCompleteDBLogFile'],
                arns(ofType(estate, 'AWS::RDS::DBInstance')),
              ),
              ...anyOf(
                ['pi:DescribeDimensionKeys', 'pi:GetDimensionKeyDetails', 'pi:GetResourceMetrics'],
                somewhere(estate, 'pi', 'metrics/rds/db-ANY'),
              ),
            ],
    },
    {
      id: 'database:destroy',
      title: 'delete the database or its backups',
      group: 'data',
      ways: [
        ...anyOf(['rds:DeleteDBCluster'], arns(clusters)),
        ...anyOf(['rds:DeleteDBInstance'], arns(ofType(estate, 'AWS::RDS::DBInstance'))),
        ...(databases.length === 0
          ? []
          : anyOf(['backup:DeleteRecoveryPoint'], somewhere(estate, 'backup', 'recovery-point:any'))),
        ...anyOf(['backup:DeleteBackupVault'], arns(ofType(estate, 'AWS::Backup::BackupVault'))),
      ],
    },
  ];
}

/** The Data API logs in with a secret that the caller may read: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html */
function dataApi(cluster: string, estate: Estate, { secrets, keyOf }: Classes): Way[] {
  const known = [...secrets.sensitive, ...secrets.ordinary].map((each) => ({
    arn: each.arn,
    key: keyOf(each)?.arn,
  }));
  const master = masterSecrets(estate).map(({ arn, keyId, database }) => ({
    arn,
    key: ofType(estate, 'AWS::KMS::Key').find((key) => isCalled(key, keyId, database))?.arn,
  }));
  return [...known, ...master].map(({ arn, key }) => ({
    steps: [step('rds-data:ExecuteStatement', cluster), step('secretsmanager:GetSecretValue', arn)],
    also: key ? [decryptingSecret(key, arn)] : [],
  }));
}

/**
 * ExecuteCommand is asked about the cluster and about the task. The name of the container is in every such request.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
function shells(estate: Estate, { keyOf }: Classes): Capability[] {
  return servicesOf(estate).map(({ service, cluster, clusterArn, taskArn, containers }) => {
    const names = containers.length > 0 ? containers : [shortName(service)];
    const exec = names.map((container): Way => {
      const keys = { 'ecs:container-name': container };
      return {
        steps: [step('ecs:ExecuteCommand', clusterArn, keys), step('ecs:ExecuteCommand', taskArn, keys)],
        also: sessionKey(cluster, keyOf),
      };
    });
    return {
      id: `shell:${serviceName(service)}`,
      title: `open a shell in ${serviceName(service)}`,
      group: 'data' as const,
      place: whereabouts(service),
      // A session without ECS Exec leaves no record, and forwards ports.
      ways: [...exec, way(step('ssm:StartSession', taskArn))],
    };
  });
}

export function serviceName(service: Target): string {
  return text(service.properties.ServiceName) ?? service.logicalId;
}

/** Where sessions are encrypted with a key, whoever opens one asks it for a data key. */
function sessionKey(cluster: Target | undefined, keyOf: Classes['keyOf']): Step[] {
  const configuration = record(record(cluster?.properties.Configuration).ExecuteCommandConfiguration);
  const key = cluster && keyOf({ ...cluster, properties: { KmsKeyId: configuration.KmsKeyId } });
  return key ? [step('kms:GenerateDataKey', key.arn)] : [];
}

/** A user of the database for each that a policy names, and one that none names. */
function logins(estate: Estate, databases: readonly Target[]): Capability[] {
  const users = [...new Set(policiesOf(estate).flatMap(loginsIn))].sort();
  return [...users, 'any other login'].map((user) => ({
    id: user === 'any other login' ? 'login:*' : `login:${user}`,
    title:
      user === 'any other login'
        ? 'connect to the database as any other login'
        : `connect to the database as ${user}`,
    group: 'data' as const,
    ways: databases.flatMap((database) => {
      const id = database.attribute('DBClusterResourceId') ?? database.attribute('DbiResourceId');
      const prefix = `arn:${database.stack.partition}:rds-db:${database.region}:${database.account}:dbuser`;
      return id
        ? [
            way(
              step(
                'rds-db:connect',
                `${prefix}:${id}/${user === 'any other login' ? 'any_other_login' : user}`,
              ),
            ),
          ]
        : [];
    }),
  }));
}

function policiesOf({ principals }: Estate): Policy[] {
  return principals.flatMap(({ identity }) => [...identity]);
}

function loginsIn({ statements }: Policy): string[] {
  return statements
    .flatMap(({ resources }) => resources)
    .flatMap((resource) => /:dbuser:[^/]*\/([A-Za-z_][\w-]*)$/.exec(resource)?.[1] ?? []);
}

/** Clusters, and instances that stand alone: logins, secrets and backups are those of the cluster. */
function databasesOf(estate: Estate): Target[] {
  const alone = ofType(estate, 'AWS::RDS::DBInstance').filter(
    ({ properties }) => properties.DBClusterIdentifier === undefined,
  );
  return [...ofType(estate, 'AWS::RDS::DBCluster'), ...alone];
}

/** The secret that RDS makes for the master user is in no template. */
export function masterSecrets(
  estate: Estate,
): { arn: string; keyId: string | undefined; database: Target }[] {
  return databasesOf(estate)
    .filter(({ properties }) => String(properties.ManageMasterUserPassword) === 'true')
    .flatMap((database) => {
      const arn = database.attribute('MasterUserSecret.SecretArn');
      const keyId = text(record(database.properties.MasterUserSecret).KmsKeyId);
      return arn ? [{ arn, keyId, database }] : [];
    });
}

function copies(estate: Estate, databases: readonly Target[]): Way[] {
  const clusterSnapshots = somewhere(estate, 'rds', 'cluster-snapshot:any');
  const snapshots = somewhere(estate, 'rds', 'snapshot:any');
  return [
    ...anyOf(
      [
        'rds:ModifyDBClusterSnapshotAttribute',
        'rds:CopyDBClusterSnapshot',
        'rds:RestoreDBClusterFromSnapshot',
      ],
      clusterSnapshots,
    ),
    ...anyOf(
      ['rds:ModifyDBSnapshotAttribute', 'rds:CopyDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot'],
      snapshots,
    ),
    ...anyOf(
      [
        'rds:RestoreDBClusterToPointInTime',
        'rds:RestoreDBInstanceToPointInTime',
        'rds:CreateDBInstanceReadReplica',
      ],
      arns(databases),
    ),
    ...anyOf(['rds:StartExportTask'], ['*']),
    ...anyOf(
      ['backup:StartRestoreJob', 'backup:StartCopyJob'],
      somewhere(estate, 'backup', 'recovery-point:any'),
    ),
  ];
}
