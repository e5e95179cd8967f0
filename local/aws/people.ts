/** Who there is on one machine: people with a permission set each, as Identity Center would have them, and the function. */
import { randomBytes, randomInt } from 'node:crypto';
import type { LocalKeys } from '../connect';

/** Permission sets, and what acts by itself. */
export type Persona = 'ProdEngineer' | 'SensitiveApprover' | 'BreakGlassAdmin' | 'SecurityAuditor';
export type Who = Persona | 'function';

export interface Principal {
  readonly name: string;
  readonly who: Who;
  /** Of the session, as GetCallerIdentity says it. */
  readonly arn: string;
  readonly account: string;
}

/** By access key id. */
export type Directory = ReadonlyMap<string, { readonly principal: Principal; readonly keys: LocalKeys }>;

export const PEOPLE = {
  uma: 'ProdEngineer',
  sam: 'ProdEngineer',
  ada: 'SensitiveApprover',
  grace: 'SensitiveApprover',
  ivo: 'SensitiveApprover',
  bea: 'BreakGlassAdmin',
  aud: 'SecurityAuditor',
} as const satisfies Record<string, Persona>;
export type PersonName = keyof typeof PEOPLE;

/** Who are asked for codes on this machine. */
export const APPROVERS = ['ada', 'grace', 'ivo'] as const;

/** Identity Center puts it behind the permission set's name. */
const SUFFIX = '0123456789abcdef';

export function person(name: string, persona: Persona, account: string): Principal {
  const role = `AWSReservedSSO_${persona}_${SUFFIX}`;
  return {
    name,
    who: persona,
    account,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}@example.com`,
  };
}

/** A function's session is named as the function. */
export function functionItself(name: string, account: string): Principal {
  return { name, who: 'function', account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${name}` };
}

export function directoryOf(
  entries: readonly { readonly principal: Principal; readonly keys: LocalKeys }[],
): Directory {
  return new Map(entries.map((entry) => [entry.keys.accessKeyId, entry]));
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Of the same form as temporary keys of AWS. */
export function newKeys(): LocalKeys {
  const letter = () => LETTERS[randomInt(LETTERS.length)];
  return {
    accessKeyId: `ASIA${Array.from({ length: 16 }, letter).join('')}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
  };
}
