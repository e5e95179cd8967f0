/** Secrets Manager, as far as rotation needs it. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface Described {
  readonly name: string;
  readonly rotationEnabled: boolean;
  /** Stages by version. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

export interface Store {
  describe(id: string): Promise<Described>;
  /** Undefined: there is no such version yet, or it has no value. */
  read(id: string, version: { readonly stage: string; readonly id?: string }): Promise<string | undefined>;
  write(id: string, version: string, value: string, stage: string): Promise<void>;
  /** Makes a version the current one. */
  promote(id: string, version: string, from: string | undefined): Promise<void>;
}

export function secretsManager(client: SecretsManagerClient): Store {
  const sdk = () => import('@aws-sdk/client-secrets-manager');
  return {
    async describe(SecretId) {
      const { DescribeSecretCommand } = await sdk();
      const {
        Name = '',
        RotationEnabled,
        VersionIdsToStages,
      } = await client.send(new DescribeSecretCommand({ SecretId }));
      return { name: Name, rotationEnabled: RotationEnabled === true, versions: VersionIdsToStages ?? {} };
    },
    async read(SecretId, { stage: VersionStage, id: VersionId }) {
      const { GetSecretValueCommand, ResourceNotFoundException } = await sdk();
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId, VersionStage, ...(VersionId ? { VersionId } : {}) }),
        );
        return SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async write(SecretId, ClientRequestToken, SecretString, stage) {
      const { PutSecretValueCommand } = await sdk();
      await client.send(
        new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages: [stage] }),
      );
    },
    async promote(SecretId, MoveToVersionId, RemoveFromVersionId) {
      const { UpdateSecretVersionStageCommand } = await sdk();
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId,
          ...(RemoveFromVersionId ? { RemoveFromVersionId } : {}),
        }),
      );
    },
  };
}
