/** Secrets and keys: reading them, changing them, and changing who may. */
import type { Estate } from '../estate/estate';
import type { Capability, Step, Way } from './capability';
import type { Classes } from './classes';
import { masterSecrets } from './data';
import { anyOf, arns, ofType, shortName, step } from './ways';

interface Secret {
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
  const guarded = arns(classes.guardedKeys);
  return [
    ...secrets.map(
      (secret): Capability => ({
        id: `secret:${secret.name}`,
        title: `read the secret ${secret.name}`,
        group: 'secrets',
        ways: [reading(secret)],
      }),
    ),
    {
      id: 'secret:write',
      title: 'change a sensitive secret',
      group: 'secrets',
      ways: anyOf(
        WRITES,
        secrets.map(({ arn }) => arn),
      ),
    },
    {
      id: 'secret:policy',
      title: 'change who may read a sensitive secret',
      group: 'secrets',
      ways: anyOf(
        POLICY_CHANGES,
        secrets.map(({ arn }) => arn),
      ),
    },
    {
      id: 'secret:ordinary',
      title: 'read a secret that is not sensitive',
      group: 'secrets',
      ways: classes.secrets.ordinary.map((target) =>
        reading({ arn: target.arn, name: target.name, key: classes.keyOf(target)?.arn }),
      ),
    },
    {
      id: 'key:policy',
      title: 'change who may use a guarded key',
      group: 'secrets',
      ways: anyOf(['kms:PutKeyPolicy', 'kms:ReplicateKey'], guarded),
    },
    {
      id: 'key:grant',
      title: 'hand on the use of a guarded key',
      group: 'secrets',
      // Grants for services of AWS, on behalf of the caller, are how volumes and backups are encrypted.
      ways: guarded.map((key) => ({
        steps: [step('kms:CreateGrant', key, { 'kms:GrantIsForAWSResource': 'false' })],
      })),
    },
    {
      id: 'key:decrypt',
      title: 'decrypt with a guarded key, round its services',
      group: 'secrets',
      ways: guarded.map((key) => ({ steps: [step('kms:Decrypt', key, { 'kms:ViaService': [] })] })),
    },
    {
      id: 'key:destroy',
      title: 'disable or delete a guarded key',
      group: 'secrets',
      ways: [
        ...anyOf(
          [
            'kms:ScheduleKeyDeletion',
            'kms:DisableKey',
            'kms:DeleteImportedKeyMaterial',
            'kms:DisableKeyRotation',
          ],
          guarded,
        ),
        // Asked about the alias and about the key.
        ...aliasesOf(estate, classes).map(({ alias, key }) => ({
          steps: [step('kms:DeleteAlias', alias), step('kms:DeleteAlias', key)],
        })),
      ],
    },
  ];
}

function sensitiveSecrets(estate: Estate, classes: Classes): Secret[] {
  const own = classes.secrets.sensitive.map((target) => ({
    arn: target.arn,
    name: nameOf(target.properties.Name) ?? shortName(target),
    key: classes.keyOf(target)?.arn,
  }));
  // It opens every role of the database, whatever key it is under.
  const master = masterSecrets(estate).map(({ arn, keyId }) => ({
    arn,
    name: 'of the database’s master user',
    key: classes.guardedKeys.find((key) => key.arn === keyId || key.name === keyId)?.arn,
  }));
  return [...own, ...master];
}

const nameOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The value is decrypted on behalf of the caller: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
function reading({ arn, key }: Secret): Way {
  const region = arn.split(':')[3] ?? '';
  const decrypt: Step[] = key
    ? [
        step('kms:Decrypt', key, {
          'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
          'kms:EncryptionContext:SecretARN': arn,
        }),
      ]
    : [];
  return { steps: [step('secretsmanager:GetSecretValue', arn)], also: decrypt };
}

function aliasesOf(estate: Estate, { guardedKeys }: Classes): { alias: string; key: string }[] {
  return ofType(estate, 'AWS::KMS::Alias').flatMap(({ properties, arn }) => {
    const key = guardedKeys.find((each) => [each.arn, each.name].includes(String(properties.TargetKeyId)));
    return key ? [{ alias: arn, key: key.arn }] : [];
  });
}
