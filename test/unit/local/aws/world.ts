/** An AWS of one test: people with keys, the services it needs, and clients of the real SDK. */
import {
  type Aws,
  type AwsOptions,
  directoryOf,
  EVERYBODY_MAY,
  functionItself,
  newKeys,
  PEOPLE,
  type PersonName,
  person,
  type Services,
  startAws,
  sts,
} from '../../../../local/aws';
import type { LocalKeys } from '../../../../local/connect';

export const PLACE = { region: 'eu-central-1', account: '000000000000' };

export type Name = PersonName | 'function';

export interface World extends Aws {
  readonly keys: Readonly<Record<Name, LocalKeys>>;
  /** For the clients of the SDK. */
  as(name: Name): {
    endpoint: string;
    region: string;
    credentials: LocalKeys;
    forcePathStyle: boolean;
    maxAttempts: number;
  };
}

export async function world(
  services: Services = {},
  options: Partial<Pick<AwsOptions, 'rules' | 'now' | 'fault'>> = {},
): Promise<World> {
  const principals = [
    ...Object.entries(PEOPLE).map(([name, persona]) => person(name, persona, PLACE.account)),
    functionItself('tz-local-approvals', PLACE.account),
  ];
  const entries = principals.map((principal) => ({ principal, keys: newKeys() }));
  const keys = Object.fromEntries(
    entries.map(({ principal, keys: own }) => [
      principal.who === 'function' ? 'function' : principal.name,
      own,
    ]),
  ) as Record<Name, LocalKeys>;
  const aws = await startAws({
    region: PLACE.region,
    directory: directoryOf(entries),
    services: { sts: sts(), ...services },
    rules: EVERYBODY_MAY,
    ...options,
  });
  return {
    ...aws,
    keys,
    as: (name) => ({
      endpoint: aws.endpoint,
      region: PLACE.region,
      credentials: keys[name],
      forcePathStyle: true,
      maxAttempts: 1,
    }),
  };
}

/** What an operation of the SDK fails with. */
export async function failing(
  work: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string }> {
  try {
    await work;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode, message };
  }
  throw new Error('it did not fail');
}
