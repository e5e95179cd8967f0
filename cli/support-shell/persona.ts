/** Which shell is whose. Pure; whatever is not named here is refused. */
import type { Caller } from '../approvals/caller';
import { Refused } from '../approvals/errors';
import type { Service } from './expected';

export type Persona = 'ProdEngineer' | 'BreakGlassAdmin';

/** The first one is what `open` opens when nobody says. */
const SHELLS: Readonly<Record<Persona, readonly [Service, ...Service[]]>> = {
  ProdEngineer: ['support-shell'],
  // The weaker one only when asked for: nothing chooses it because the other one is shut.
  BreakGlassAdmin: ['backend', 'support-shell'],
};

export interface Allowed {
  readonly persona: Persona;
  readonly login: string;
  readonly service: Service;
}

/**
 * @param account - in which the shell is, twelve digits
 * @param asked - `--service`
 * @throws {Refused} for any other identity, account or service
 */
export function shellOf(caller: Caller, account: string, asked?: Service): Allowed {
  if (caller.account !== account) {
    throw new Refused(
      'account-other',
      `these credentials are of account ${caller.account || 'unknown'}, the shell is in ${account}`,
      'choose the --profile of that account, or correct --account',
    );
  }
  const { persona, login } = personOf(caller);
  const [usual, ...others] = SHELLS[persona];
  const service = asked ?? usual;
  if (service !== usual && !others.includes(service)) {
    throw new Refused(
      'service-refused',
      `${persona} does not open ${service}`,
      `${persona} opens ${[usual, ...others].join(', or ')}`,
    );
  }
  return { persona, login, service };
}

function personOf({ arn, persona, login }: Caller): { persona: Persona; login: string } {
  const known = arn.startsWith('arn:aws:sts::') && persona !== null && Object.hasOwn(SHELLS, persona);
  if (known && login) return { persona: persona as Persona, login };
  throw new Refused(
    'persona-refused',
    persona === null
      ? `${arn || 'this identity'} is no persona of Identity Center`
      : `${persona} opens no shell`,
    'log in as ProdEngineer: aws sso login --profile <yours>; as BreakGlassAdmin, once glass is broken',
  );
}
