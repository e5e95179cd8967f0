/** What is secret, what opens it, and what people did with it. Deployed before the database, and survives it. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { NOT_YET as STATE_NOT_YET } from '../../lambda/secret-rotation/contract';
import type { Acknowledgement } from '../nag/acknowledge';
import { inPacks } from '../nag/standing';
import { type Audience, audiencesOf } from '../secrets/audience';
import { SensitiveKey } from '../secrets/sensitive-key';
import { SensitiveSecret } from '../secrets/sensitive-secret';
import { SessionKey } from '../secrets/session-key';
import { Transcripts } from '../secrets/transcripts';
import { approversOf, type Stage } from '../stage';
import { removalOf } from '../storage/private-bucket';
import { PlatformStack } from './platform-stack';

export interface SensitiveSecrets {
  /** Login of the database for the night when nobody answers. */
  readonly breakGlass: ISecret;
  readonly auditor: ISecret;
  /** Keys that sign tenant tokens. */
  readonly tokenKeys: ISecret;
  /** Keys that sign sessions of the console. */
  readonly sessionKeys: ISecret;
  /** Seeds of one-time codes, by approver. */
  readonly approvers: Readonly<Record<string, ISecret>>;
}

export class SensitiveStack extends PlatformStack {
  readonly key: IKey;
  /** Encrypts the channel of support shells. */
  readonly sessionKey: IKey;
  readonly secrets: SensitiveSecrets;
  readonly transcripts: { readonly bucket: IBucket; readonly logGroup: ILogGroup };

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id, {
      stage,
      deployer: 'sensitive',
      description: 'tenant-zero: sensitive key, secrets, transcripts',
    });
    const { names } = this;
    const { roles, execution, logGroups, personaRole } = names;
    const audiences = audiencesOf(names);
    const administrators = [execution.sensitive, ...stage.sensitiveAdministrators];
    const removalPolicy = removalOf(stage.protection);
    const databaseLog = stage.database.engine.kind === 'aurora' ? logGroups.database : logGroups.instance;
    const auditor = personaRole('SecurityAuditor');

    this.key = new SensitiveKey(this, 'Key', {
      alias: `${names.prefix}-sensitive`,
      description: 'The sensitive class: secrets, transcripts, statements of the database',
      administrators,
      auditors: [auditor],
      removalPolicy,
      secrets: [
        { arn: names.secrets.breakGlass.arn, audience: audiences.breakGlass },
        { arn: names.secrets.auditor.arn, audience: audiences.auditor },
        { arn: names.secrets.tokenKeys.arn, audience: audiences.tokenKeys },
        { arn: names.secrets.sessionKeys.arn, audience: audiences.sessionKeys },
        { arn: names.secrets.approver('*').arn, audience: audiences.approver },
      ],
      deployer: execution.sensitive,
      master: {
        arn: names.secrets.master,
        deployer: execution.platform,
        reader: roles.databaseBootstrap.arn,
      },
      logGroups: [databaseLog.arn, logGroups.transcripts.arn],
      transcripts: {
        bucketArn: `arn:aws:s3:::${names.buckets.transcripts}`,
        writer: roles.supportShellTask.arn,
        reader: auditor,
      },
    });
    this.sessionKey = new SessionKey(this, 'SessionKey', {
      alias: `${names.prefix}-session`,
      description: 'The channel between a terminal and a support shell',
      administrators,
      auditors: [auditor],
      removalPolicy,
      people: [personaRole('ProdEngineer'), personaRole('BreakGlassAdmin')],
      task: roles.supportShellTask.arn,
    });

    const secret = (
      constructId: string,
      { name }: { readonly name: string },
      description: string,
      audience: Audience,
      initial: SecretStringGenerator,
    ) =>
      new SensitiveSecret(this, constructId, {
        secretName: name,
        description,
        encryptionKey: this.key,
        audience,
        administrators,
        initial,
        removalPolicy,
        rotation: NO_SCHEDULE_HERE,
      });
    this.secrets = {
      breakGlass: secret(
        'BreakGlassLogin',
        names.secrets.breakGlass,
        'Login of the database that sees everything, each statement recorded',
        audiences.breakGlass,
        loginOf('break_glass'),
      ),
      auditor: secret(
        'AuditorLogin',
        names.secrets.auditor,
        'Login of the database that sees the ledger',
        audiences.auditor,
        loginOf('auditor'),
      ),
      tokenKeys: secret(
        'TokenSigningKeys',
        names.secrets.tokenKeys,
        'Keys that sign tenant tokens: the current one, and the one before',
        audiences.tokenKeys,
        NOT_YET,
      ),
      sessionKeys: secret(
        'SessionSigningKeys',
        names.secrets.sessionKeys,
        'Keys that sign sessions: the current one, and the one before',
        audiences.sessionKeys,
        NOT_YET,
      ),
      approvers: Object.fromEntries(
        approversOf(stage).map((approver) => [
          approver,
          secret(
            `Approver-${approver}`,
            names.secrets.approver(approver),
            `Seed of the one-time codes of ${approver}`,
            audiences.approver,
            { ...NOT_YET, secretStringTemplate: JSON.stringify({ approver, seed: null }) },
          ),
        ]),
      ),
    };
    this.transcripts = new Transcripts(this, 'Transcripts', {
      bucketName: names.buckets.transcripts,
      logGroupName: logGroups.transcripts.name,
      encryptionKey: this.key,
      accessLogs: names.buckets.accessLogs,
      retention: stage.logs.retentionDays,
      removalPolicy,
      writer: roles.supportShellTask.arn,
      reader: auditor,
      administrators,
    });
    // Before the database, which would make it without our key: statements and their values stand in it.
    new LogGroup(this, 'DatabaseLog', {
      logGroupName: databaseLog.name,
      encryptionKey: this.key,
      retention: stage.logs.retentionDays,
      removalPolicy,
    });
  }
}

/** Letters and digits only: a password stands in connection strings. */
function loginOf(username: string): SecretStringGenerator {
  return {
    secretStringTemplate: JSON.stringify({ username }),
    generateStringKey: 'password',
    excludePunctuation: true,
    passwordLength: 48,
  };
}

/** What no reader takes for a value: the functions that may write put one in its place. */
const NOT_YET: SecretStringGenerator = {
  secretStringTemplate: JSON.stringify({ state: STATE_NOT_YET }),
  generateStringKey: 'unused',
};

const ROTATION = [
  'AwsSolutions-SMG4',
  ...inPacks('SecretsManagerRotationEnabled', 'HIPAA.Security', 'NIST.800.53.R5'),
];

const NO_SCHEDULE_HERE: Acknowledgement = {
  rules: ROTATION,
  reason:
    'The schedules stand in the Keys stack, after the registry, which they need. A seed has none: it lives in the telephone of its approver',
  owner: 'security',
  until: '2027-11-30',
};
