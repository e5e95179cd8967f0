/** S3, KMS, Secrets Manager, SSM, EFS, ECR, Backup. */
import {
  arn,
  hexId,
  type Kind,
  type Kinds,
  lastPart,
  named,
  namedSmall,
  plain,
  random,
  regional,
  type Subject,
  text,
  uuid,
} from '../kind';
import { urlSuffixOf } from '../partition';
import { isMarked, mark } from '../unresolved';

const keyId = (of: Subject) =>
  String(of.property('MultiRegion')) === 'true' ? `mrk-${random(of).hex(32)}` : uuid(of);

const key = (id: (of: Subject) => string): Kind => ({
  id,
  arn: regional('kms', 'key/'),
  attributes: { KeyId: 'id' },
});

/** Secrets Manager adds six characters to the name, so that a new secret is never taken for a deleted one. */
const secret = (of: Subject, name: string) =>
  arn(of, 'secretsmanager', `secret:${name}-${random(of).letters(6)}`);

/** Resources that belong to a secret answer with the secret's ARN, though they may be given its name. */
const secretOf = (of: Subject) => {
  const given = text(of, 'SecretId') ?? '';
  const isArn = given.startsWith('arn:') || isMarked(given);
  return isArn ? given : arn(of, 'secretsmanager', `secret:${given}-${mark('six random characters')}`);
};

const ofSecret: Kind = { id: secretOf, attributes: { Id: 'id' } };

const host = ({ place }: Subject, endpoint: string) =>
  `${endpoint}.${place.region}.${urlSuffixOf(place.region)}`;

export const storage: Kinds = {
  'AWS::S3::Bucket': {
    id: namedSmall('BucketName'),
    arn: ({ place }, id) => `arn:${place.partition}:s3:::${id}`,
    attributes: {
      DomainName: ({ place }, id) => `${id}.s3.${urlSuffixOf(place.region)}`,
      DualStackDomainName: (of, id) => `${id}.${host(of, 's3.dualstack')}`,
      RegionalDomainName: (of, id) => `${id}.${host(of, 's3')}`,
      WebsiteURL: ({ place }, id) => `http://${id}.s3-website-${place.region}.${urlSuffixOf(place.region)}`,
    },
  },
  'AWS::S3::AccessPoint': {
    id: namedSmall('Name'),
    arn: regional('s3', 'accesspoint/'),
    attributes: { Name: 'id', Alias: (of, id) => `${id}-${random(of).small(32)}-s3alias` },
  },
  'AWS::S3::BucketPolicy': { id: (of) => text(of, 'Bucket') ?? '' },

  'AWS::KMS::Key': key(keyId),
  // A replica has the id of its primary key.
  'AWS::KMS::ReplicaKey': key((of) => lastPart(text(of, 'PrimaryKeyArn') ?? '')),
  'AWS::KMS::Alias': { id: named('AliasName'), arn: regional('kms', '') },

  'AWS::SecretsManager::Secret': {
    id: named('Name'),
    arn: secret,
    ref: 'arn',
    attributes: { Id: 'arn' },
  },
  'AWS::SecretsManager::ResourcePolicy': ofSecret,
  'AWS::SecretsManager::RotationSchedule': ofSecret,
  'AWS::SecretsManager::SecretTargetAttachment': ofSecret,

  'AWS::SSM::Parameter': {
    id: named('Name'),
    // The slash at the beginning of a hierarchical name is the one after `parameter`.
    arn: (of, id) => arn(of, 'ssm', `parameter/${id.replace(/^\//, '')}`),
  },
  'AWS::SSM::Document': { id: named('Name'), arn: regional('ssm', 'document/') },
  'AWS::SSM::MaintenanceWindow': { id: hexId('mw-'), arn: regional('ssm', 'maintenancewindow/') },
  'AWS::SSM::PatchBaseline': { id: hexId('pb-'), arn: regional('ssm', 'patchbaseline/') },

  'AWS::EFS::FileSystem': {
    id: hexId('fs-'),
    arn: regional('elasticfilesystem', 'file-system/'),
    attributes: { FileSystemId: 'id' },
  },
  'AWS::EFS::AccessPoint': {
    id: hexId('fsap-'),
    arn: regional('elasticfilesystem', 'access-point/'),
    attributes: { AccessPointId: 'id' },
  },
  'AWS::EFS::MountTarget': plain('fsmt-'),

  'AWS::ECR::Repository': {
    id: namedSmall('RepositoryName'),
    arn: regional('ecr', 'repository/'),
    attributes: {
      RepositoryUri: ({ place }, id) =>
        `${place.account}.dkr.ecr.${place.region}.${urlSuffixOf(place.region)}/${id}`,
    },
  },

  'AWS::Backup::BackupVault': {
    id: named('BackupVaultName'),
    arn: regional('backup', 'backup-vault:'),
    attributes: { BackupVaultArn: 'arn', BackupVaultName: 'id' },
  },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    id: named('BackupVaultName'),
    arn: regional('backup', 'backup-vault:'),
    attributes: { BackupVaultArn: 'arn', BackupVaultName: 'id' },
  },
  'AWS::Backup::BackupPlan': {
    id: uuid,
    arn: regional('backup', 'backup-plan:'),
    attributes: {
      BackupPlanArn: 'arn',
      BackupPlanId: 'id',
      VersionId: (of) => random(of, '/version').letters(32),
    },
  },
  'AWS::Backup::BackupSelection': { id: uuid, attributes: { SelectionId: 'id', Id: 'id' } },
};
