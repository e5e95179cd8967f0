/** How the table of types describes a type, and the words it does so with. */
import { type MadeUp, madeUp } from './made-up';
import { asText, unknownIn } from './marks';
import type { Place } from './scope';
import { isMarked, literalParts, mark } from './unresolved';

/** A resource whose `Ref` or attribute is wanted. */
export interface Subject {
  readonly logicalId: string;
  readonly place: Place;
  /** Without functions; `undefined` where it is absent. Evaluated only when asked for. */
  property(name: string): unknown;
}

export type Text = (of: Subject, id: string) => string;

export interface Kind {
  /** What names the resource in its ARN: a name that is given, or what stands for the one AWS makes up. */
  readonly id: (of: Subject) => string;
  readonly arn?: Text;
  /** @default the id */
  readonly ref?: 'arn' | Text;
  /** `Arn` need not be named where the type has an ARN. */
  readonly attributes?: Readonly<Record<string, 'id' | 'arn' | ((of: Subject, id: string) => unknown)>>;
}

export type Kinds = Readonly<Record<string, Kind>>;

/** CloudFormation appends random characters to it; a pattern that matches any of those matches without them too. */
export const generated = (of: Subject): string => `${of.place.name}-${of.logicalId}`;

/** @param part Of the resource, where it has more than one such identifier. */
export const random = (of: Subject, part = ''): MadeUp => madeUp(`${of.place.name}/${of.logicalId}${part}`);

/** A property as a text; `undefined` where it is absent or empty. */
export function text(of: Subject, name: string): string | undefined {
  const value = of.property(name);
  return value === undefined || value === null || value === '' ? undefined : asText(value);
}

/** The name that a property gives, or the generated one. */
export const named = (property: string) => (of: Subject) => text(of, property) ?? generated(of);

/** For services that allow no capitals. */
export const namedSmall = (property: string) => (of: Subject) =>
  text(of, property) ?? generated(of).toLowerCase();

export const hexId =
  (prefix: string, length = 17) =>
  (of: Subject) =>
    `${prefix}${random(of).hex(length)}`;

export const uuid = (of: Subject) => random(of).uuid();

export const arn = ({ place }: Pick<Subject, 'place'>, service: string, resource: string) =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;

/** By its name alone: the stack itself and the resource that makes it must give the same. */
export const stackArn = (place: Place, name: string) =>
  arn({ place }, 'cloudformation', `stack/${name}/${madeUp(name).uuid()}`);

/** Of a service that has no regions. */
export const globalArn = ({ place }: Subject, service: string, resource: string) =>
  `arn:${place.partition}:${service}::${place.account}:${resource}`;

/** `regional('sqs', '')` is `arn:aws:sqs:<region>:<account>:<id>`. */
export const regional =
  (service: string, prefix: string): Text =>
  (of, id) =>
    arn(of, service, `${prefix}${id}`);

/** A property that holds a name or an ARN: the name. */
export const nameIn = (value: string): string => (value.startsWith('arn:') ? lastPart(value) : value);

/** After the last `/` or `:`; of a mark only where it stands before that. */
export function lastPart(value: string): string {
  const end = literalParts(value).at(-1) ?? '';
  const separator = Math.max(end.lastIndexOf('/'), end.lastIndexOf(':'));
  return separator < 0 && isMarked(value) ? mark(unknownIn(value) ?? '') : end.slice(separator + 1);
}

/** A kind whose `Ref` is no more than an identifier with a prefix. */
export const plain = (prefix: string): Kind => ({ id: hexId(prefix) });
