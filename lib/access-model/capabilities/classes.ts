/**
 * What is sensitive, by how it is built and not by its name: a key that does not delegate to the account is one whose policy
 * alone says who uses it, and what is encrypted with such a key is what somebody meant to guard.
 */
import type { Estate, Target } from '../estate/estate';
import { record, text } from '../estate/properties';
import type { Policy } from '../policy/document';
import { isCalled } from './ways';

export interface Classes {
  readonly guardedKeys: readonly Target[];
  readonly secrets: Division;
  readonly logGroups: Division;
  readonly buckets: Division;
  /** The key that a resource is encrypted with, where it is one of these templates. */
  keyOf(target: Target): Target | undefined;
}

export interface Division {
  readonly sensitive: readonly Target[];
  readonly ordinary: readonly Target[];
}

export function classesOf({ targets }: Estate): Classes {
  const keys = targets.filter(({ type }) => type === 'AWS::KMS::Key');
  const guardedKeys = keys.filter(({ policy, account }) => policy && !delegates(policy, account));
  const aliases = targets.filter(({ type }) => type === 'AWS::KMS::Alias');
  const keyOf = (target: Target): Target | undefined => {
    const name = keyNameOf(target);
    const alias = aliases.find((each) => isCalled(each, name, target));
    const key = alias ? text(alias.properties.TargetKeyId) : name;
    return keys.find((each) => isCalled(each, key, alias ?? target));
  };
  const divide = (type: string): Division => {
    const all = targets.filter((each) => each.type === type);
    const isGuarded = (each: Target) => guardedKeys.includes(keyOf(each) as Target);
    return { sensitive: all.filter(isGuarded), ordinary: all.filter((each) => !isGuarded(each)) };
  };
  const secrets = divide('AWS::SecretsManager::Secret');
  return {
    guardedKeys,
    // Where nobody guards a key, nobody has said which secrets are the ordinary ones.
    secrets: guardedKeys.length > 0 ? secrets : { sensitive: secrets.ordinary, ordinary: [] },
    logGroups: divide('AWS::Logs::LogGroup'),
    buckets: divide('AWS::S3::Bucket'),
    keyOf,
  };
}

/** What only tells about a key: `kms:DescribeKey`, `kms:Get*`. */
const TELLS = /^kms:(describe|get|list)[a-z*?]*$/i;

/**
 * To the account as such: any administrator of it can then allow the use of the key, or make a policy that does. Where that is
 * only perhaps so, somebody perhaps meant to guard it.
 */
function delegates({ statements, doubtful }: Policy, account: string): boolean {
  return statements.some(
    ({ effect, principals, conditions, actions, notActions, doubtful: perhaps }) =>
      effect === 'Allow' &&
      !doubtful &&
      !perhaps &&
      (notActions || actions.some((each) => !TELLS.test(each))) &&
      (principals?.AWS ?? []).some(
        (name) => name === '*' || name === account || name.endsWith(`:${account}:root`),
      ) &&
      !conditions.some(({ key }) =>
        ['aws:principalarn', 'kms:viaservice', 'kms:grantisforawsresource'].includes(key),
      ),
  );
}

function keyNameOf({ type, properties }: Target): string | undefined {
  switch (type) {
    case 'AWS::S3::Bucket': {
      const [rule] = [record(properties.BucketEncryption).ServerSideEncryptionConfiguration].flat();
      return text(record(record(rule).ServerSideEncryptionByDefault).KMSMasterKeyID);
    }
    default:
      return text(properties.KmsKeyId) ?? text(properties.KMSKeyId) ?? text(properties.KmsMasterKeyId);
  }
}
