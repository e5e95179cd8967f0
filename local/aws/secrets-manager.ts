/** Secrets Manager: a secret's versions, and the labels that move between them. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from './errors';
import { jsonService, operation } from './json-protocol';
import { type SecretStore, suffixOf, type Version } from './secret-store';
import type { Service } from './service';

export interface SecretsManagerOptions {
  readonly region: string;
  readonly account: string;
  readonly store: SecretStore;
}

const secretId = z.string().min(1).max(2048);

export function secretsManager({ region, account, store }: SecretsManagerOptions): Service {
  const prefix = `arn:aws:secretsmanager:${region}:${account}:secret:`;
  const arnOf = (name: string) => `${prefix}${name}-${suffixOf(name)}`;
  /** By name or ARN, with or without the six characters. */
  const nameOf = (id: string) => {
    if (!id.startsWith(prefix)) return id;
    const rest = id.slice(prefix.length);
    return rest === `${rest.slice(0, -7)}-${suffixOf(rest.slice(0, -7))}` ? rest.slice(0, -7) : rest;
  };
  const needs =
    (action: string) =>
    ({ SecretId }: { SecretId: string }) => [
      { action: `secretsmanager:${action}`, resource: arnOf(nameOf(SecretId)) },
    ];
  const read = async (name: string) => (await store.read(name)) ?? unknown();

  return jsonService({
    target: 'secretsmanager',
    invalid: 'InvalidParameterException',
    operations: {
      GetSecretValue: operation({
        input: z.strictObject({
          SecretId: secretId,
          VersionId: z.string().optional(),
          VersionStage: z.string().optional(),
        }),
        needs: needs('GetSecretValue'),
        async answer({ SecretId, VersionId, VersionStage }) {
          const name = nameOf(SecretId);
          const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
          const found = (await read(name)).find(
            ({ id, stages }) =>
              (VersionId === undefined || id === VersionId) &&
              (stage === undefined || stages.includes(stage)),
          );
          if (!found) return unknown();
          const { id, value, stages } = found;
          return { ARN: arnOf(name), Name: name, VersionId: id, SecretString: value, VersionStages: stages };
        },
      }),
      DescribeSecret: operation({
        input: z.strictObject({ SecretId: secretId }),
        needs: needs('DescribeSecret'),
        async answer({ SecretId }) {
          const name = nameOf(SecretId);
          const versions = await read(name);
          const VersionIdsToStages = Object.fromEntries(versions.map(({ id, stages }) => [id, stages]));
          return { ARN: arnOf(name), Name: name, VersionIdsToStages };
        },
      }),
      PutSecretValue: operation({
        input: z.strictObject({
          SecretId: secretId,
          SecretString: z.string().min(1).max(65_536),
          ClientRequestToken: z
            .string()
            .min(32)
            .max(64)
            .default(() => randomUUID()),
          VersionStages: z.array(z.string()).min(1).default(['AWSCURRENT']),
        }),
        needs: needs('PutSecretValue'),
        async answer({ SecretId, SecretString, ClientRequestToken, VersionStages }) {
          const name = nameOf(SecretId);
          const added: Version = { id: ClientRequestToken, value: SecretString, stages: VersionStages };
          await store.change(name, (versions) => put(versions ?? unknown(), added));
          return { ARN: arnOf(name), Name: name, VersionId: ClientRequestToken, VersionStages };
        },
      }),
    },
  });
}

/** What was current becomes previous; versions without a label are forgotten. */
function put(versions: readonly Version[], added: Version): readonly Version[] {
  const same = versions.find(({ id }) => id === added.id);
  if (same?.value === added.value) return versions;
  if (same) {
    throw new AwsError('ResourceExistsException', 'there is a version of that id with another value already');
  }
  const replaces = added.stages.includes('AWSCURRENT');
  const kept = versions.map(({ stages, ...rest }) => {
    const left = stages.filter((stage) => !added.stages.includes(stage));
    if (!replaces) return { ...rest, stages: left };
    const older = left.filter((stage) => stage !== 'AWSPREVIOUS');
    return { ...rest, stages: stages.includes('AWSCURRENT') ? [...older, 'AWSPREVIOUS'] : older };
  });
  return [...kept.filter(({ stages }) => stages.length > 0), added];
}

function unknown(): never {
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}
