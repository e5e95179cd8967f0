/** Building ways: one action on one resource is the most common. */
import { ANY_NAME, mark } from '../assembly/unresolved';
import type { Estate, Target } from '../estate/estate';
import { contextOf } from '../policy/context';
import type { Capability, Group, Step, Way, Whereabouts } from './capability';

export function step(
  action: string,
  resource = '*',
  context?: Readonly<Record<string, string | readonly string[]>>,
): Step {
  return { action, resource, ...(context ? { context: contextOf(context) } : {}) };
}

/** A value is decrypted on behalf of who reads it: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
export function decryptingSecret(key: string, secret: string): Step {
  const region = secret.split(':')[3] ?? '';
  return step('kms:Decrypt', key, {
    'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
    'kms:EncryptionContext:SecretARN': secret,
  });
}

export const way = (...steps: readonly Step[]): Way => ({ steps });

/** Each action on each resource is a way of its own. */
export function anyOf(actions: readonly string[], resources: readonly string[]): Way[] {
  return resources.flatMap((resource) => actions.map((action) => way(step(action, resource))));
}

export function ofType(estate: Estate, ...types: readonly string[]): Target[] {
  return estate.targets.filter(({ type }) => types.includes(type));
}

export const arns = (targets: readonly Target[]): string[] => targets.map(({ arn }) => arn);

/** A name of which nothing is known: a policy that allows some names allows perhaps this one. */
export const ANYTHING = mark('any name that a policy allows');

/** Names of instances: one that could be running, and one of any name. */
export const ANY_INSTANCE: readonly string[] = ['i-0123456789abcdef0', ANY_NAME];

interface Named {
  readonly name: string;
  readonly arn?: string | undefined;
  readonly account: string;
  readonly region: string;
}

/** By its ARN, or by its name from the same account and region: elsewhere the same name is another thing. */
export function isCalled(
  { name, arn, account, region }: Named,
  given: string | undefined,
  from: Pick<Named, 'account' | 'region'>,
): boolean {
  if (given === undefined) return false;
  return given === arn || (given === name && account === from.account && region === from.region);
}

/** Objects of a bucket: one that no policy names, and one of any name. */
export const objectsOf = (bucket: string): string[] => [`${bucket}/any-object`, `${bucket}/${ANYTHING}`];

/** Streams of a log group, in the same way, but no colon is in their names; log groups are written with and without `:*`. */
export function streamsOf(group: string): string[] {
  const prefix = `${group.replace(/:\*$/, '')}:log-stream:`;
  return [`${prefix}any-stream`, `${prefix}${ANY_NAME}`];
}

/** Where the estate lies: for actions on what does not exist yet, a snapshot, a role. */
export function places({ stacks }: Estate): { partition: string; account: string; region: string }[] {
  const found = new Map(
    stacks.map(({ partition, account, region }) => [`${account}/${region}`, { partition, account, region }]),
  );
  return [...found.values()];
}

/** ARNs of things that are not in the templates: in each place one that no policy names, and one of any name. */
export function somewhere(
  estate: Estate,
  service: string,
  rest: string,
  options: { global?: boolean } = {},
): string[] {
  const [kind = ''] = /^[^/:]+[/:]/.exec(rest) ?? [];
  const all = places(estate).flatMap(({ partition, account, region }) => {
    const prefix = `arn:${partition}:${service}:${options.global ? '' : region}:${account}:`;
    return [`${prefix}${rest}`, `${prefix}${kind}${ANYTHING}`];
  });
  return [...new Set(all)];
}

/** The last part of a name, which tells it from its neighbours. */
export const shortName = ({ name, arn }: Target): string =>
  /^arn:/.test(name) ? (arn.split(':').at(-1) ?? name) : name;

export const whereabouts = ({ account, region, id }: Whereabouts): Whereabouts => ({ account, region, id });

/** One capability for each object, as one denial that is missing is about one of them. */
export function each<T extends Whereabouts>(
  objects: readonly T[],
  nameOf: (object: T) => string,
  family: {
    readonly id: string;
    readonly verb: string;
    readonly group: Group;
    readonly ways: (object: T) => readonly Way[];
  },
): Capability[] {
  return objects.map((object) => {
    const name = nameOf(object);
    return {
      id: `${family.id}:${name}`,
      title: `${family.verb} ${name}`,
      group: family.group,
      object: name,
      place: whereabouts(object),
      ways: family.ways(object),
    };
  });
}
