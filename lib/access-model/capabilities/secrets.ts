/** Secrets and keys: reading them, changing them, and changing who may. */
import type { Estate, Target } from '../estate/estate';
import type { Capability, Way, Whereabouts } from './capability';
import type { Classes } from './classes';
import { masterSecrets } from './data';
import { anyOf, decryptingSecret, each, isCalled, ofType, shortName, step, whereabouts } from './ways';

interface Secret extends Whereabouts {
  readonly arn: string;
  readonly name: string;
  /** ARN of the key of these templates that it is encrypted with. */
  readonly key: string | undefined;
}

const WRITES = [
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecret',
  'secretsmanager:UpdateSecretVersionStage',
  'secretsmanager:RotateSecret',
  'secretsmanager:CancelRotateSecret',
  'secretsmanager:DeleteSecret',
  'secretsmanager:RestoreSecret',
];
const POLICY_CHANGES = [
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:DeleteResourcePolicy',
  'secretsmanager:ReplicateSecretToRegions',
  'secretsmanager:StopReplicationToReplica',
  'secretsmanager:TagResource',
  'secretsmanager:UntagResource',
];

export function secretCapabilities(estate: Estate, classes: Classes): Capability[] {
  const secrets = sensitiveSecrets(estate, classes);
  const keys = classes.guardedKeys;
  const nameOfSecret = ({ name }: Secret) => name;
  const nameOfKey = (key: Target) => keyName(estate, key);
  return [
    ...each(secrets, nameOfSecret, {
      id: 'secret',
      verb: 'read the secret',
      group: 'secrets',
      ways: (secret) => [reading(secret)],
    }),
    ...each(secrets, nameOfSecret, {
      id: 'secret:write',
      verb: 'change the secret',
      group: 'secrets',
      ways: ({ arn }) => anyOf(WRITES, [arn]),
    }),
    ...each(secrets, nameOfSecret, {
      id: 'secret:policy',
      verb: 'change who may read the secret',
      group: 'secrets',
      ways: ({ arn }) => anyOf(POLICY_CHANGES, [arn]),
    }),
    {
      id: 'secret:ordinary',
      title: 'read a secret that is not sensitive',
      group: 'secrets',
      ways: classes.secrets.ordinary.map((target) =>
        reading({ arn: target.arn, key: classes.keyOf(target)?.arn }),
      ),
    },
    ...each(keys, nameOfKey, {
      id: 'key:policy',
      verb: 'change who may use the key',
      group: 'secrets',
      ways: ({ arn }) => anyOf(['kms:PutKeyPolicy', 'kms:ReplicateKey'], [arn]),
    }),
    ...each(keys, nameOfKey, {
      id: 'key:grant',
      verb: 'hand on the use of the key',
      group: 'secrets',
      // Grants for services of AWS, on behalf of the caller, are how volumes and backups are encrypted.
      ways: ({ arn }) => [
        { steps: [step('kms:CreateGrant', arn, { 'kms:GrantIsForAWSResource': 'false' })] },
        // A request without the key is one for the caller too.
        { steps: [step('kms:CreateGrant', arn, { 'kms:GrantIsForAWSResource': [] })] },
      ],
    }),
    ...each(keys, nameOfKey, {
      id: 'key:decrypt',
      verb: 'decrypt, round the services that use it, with the key',
      group: 'secrets',
      ways: ({ arn }) => [{ steps: [step('kms:Decrypt', arn, { 'kms:ViaService': [] })] }],
    }),
    ...each(keys, nameOfKey, {
      id: 'key:destroy',
      verb: 'disable or delete the key',
      group: 'secrets',
      ways: (key) => [
        ...anyOf(
          [
            'kms:ScheduleKeyDeletion',
            'kms:DisableKey',
            'kms:DeleteImportedKeyMaterial',
            'kms:DisableKeyRotation',
          ],
          [key.arn],
        ),
        // Asked about the alias and about the key.
        ...aliasesOf(estate, key).map((alias) => ({
          steps: [step('kms:DeleteAlias', alias.arn), step('kms:DeleteAlias', key.arn)],
        })),
      ],
    }),
  ];
}

function sensitiveSecrets(estate: Estate, classes: Classes): Secret[] {
  const own = classes.secrets.sensitive.map((target) => ({
    arn: target.arn,
    name: nameOf(target.properties.Name) ?? shortName(target),
    key: classes.keyOf(target)?.arn,
    ...whereabouts(target),
  }));
  // It opens every role of the database, whatever key it is under.
  const master = masterSecrets(estate).map(({ arn, keyId, database }) => ({
    arn,
    name: 'rds-master-user',
    key: classes.guardedKeys.find((key) => isCalled(key, keyId, database))?.arn,
    ...whereabouts(database),
  }));
  return [...own, ...master];
}

const nameOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function reading({ arn, key }: Pick<Secret, 'arn' | 'key'>): Way {
  return {
    steps: [step('secretsmanager:GetSecretValue', arn)],
    also: key ? [decryptingSecret(key, arn)] : [],
  };
}

/** Its alias, which people know; without one, its logical id. */
function keyName(estate: Estate, key: Target): string {
  const [alias] = aliasesOf(estate, key);
  return String(alias?.properties.AliasName ?? key.logicalId).replace(/^alias\//, '');
}

const aliasesOf = (estate: Estate, key: Target): Target[] =>
  ofType(estate, 'AWS::KMS::Alias').filter((alias) =>
    isCalled(key, String(alias.properties.TargetKeyId), alias),
  );
