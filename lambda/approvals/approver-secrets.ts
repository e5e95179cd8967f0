/** Seeds of approvers in Secrets Manager: one secret each, `{ approver, seed }`; a seed of null is none yet. */
import { randomUUID } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { Refusal } from './errors';

export interface ApproverSecrets {
  /** @throws {Refusal} `approver-unknown`, `approver-not-set-up` */
  read(name: string): Promise<string>;
  /** Null: takes it away. */
  write(name: string, seed: string | null): Promise<void>;
}

export interface ApproverSecretsOptions {
  readonly client: SecretsManagerClient;
  /** Names of the secrets begin so. */
  readonly prefix: string;
  /** Names that the stage declares; no other is ever looked for. */
  readonly approvers: readonly string[];
  /** Told every seed. */
  readonly keepSecret: (value: string) => void;
}

const shape = z.looseObject({
  approver: z.string(),
  seed: z
    .string()
    .regex(/^[A-Z2-7]{26,128}$/)
    .nullable(),
});

export function approverSecrets(options: ApproverSecretsOptions): ApproverSecrets {
  const { client, prefix, approvers, keepSecret } = options;
  const sdk = () => import('@aws-sdk/client-secrets-manager');

  const idOf = (name: string): string => {
    if (approvers.includes(name)) return `${prefix}${name}`;
    throw new Refusal(
      'approver-unknown',
      `this stage declares no approver ${name}; it has ${approvers.join(', ')}`,
      'Approvers are declared with the stage (bin/stages): add the name there, deploy, then add the approver.',
    );
  };

  async function load(name: string): Promise<z.output<typeof shape>> {
    const { GetSecretValueCommand } = await sdk();
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: idOf(name) }));
    return parse(name, SecretString);
  }

  return {
    async read(name) {
      const { seed } = await load(name);
      if (seed !== null) {
        keepSecret(seed);
        return seed;
      }
      throw new Refusal(
        'approver-not-set-up',
        `${name} has no seed yet`,
        `Set it up: \`npm run -s sensitive-access -- approver add ${name}\`.`,
      );
    },
    async write(name, seed) {
      if (seed !== null) keepSecret(seed);
      // What else stands in it, a note for example, is not ours to lose.
      const SecretString = JSON.stringify({ ...(await load(name)), approver: name, seed });
      const { PutSecretValueCommand } = await sdk();
      await client.send(
        new PutSecretValueCommand({
          SecretId: idOf(name),
          ClientRequestToken: randomUUID(),
          SecretString,
          VersionStages: ['AWSCURRENT'],
        }),
      );
    },
  };
}

/** Its own text: the parser's would quote the secret. */
function parse(name: string, text: string | undefined): z.output<typeof shape> {
  let json: unknown;
  try {
    json = JSON.parse(text ?? '');
  } catch {
    throw new Error(`the secret of the approver ${name} is not JSON`);
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw new Error(`the secret of the approver ${name} is not { approver, seed }`);
  // Somebody copied a secret: two people with one seed would be one person with two codes.
  if (parsed.data.approver !== name) throw new Error(`the secret of the approver ${name} names another`);
  return parsed.data;
}
