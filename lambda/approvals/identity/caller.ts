/** Who calls: what AWS says of the signature, and which of the personas that is. Nothing of it comes from the payload. */
import { callDigest } from '../call-digest';
import { Refusal } from '../errors';
import type { Call } from '../protocol';
import type { Settings } from '../settings';
import { type Principal, principalOf, type Stranger } from './arn';
import { signedRequest } from './proof';
import { callerArn, type StsEndpoint } from './sts';

/** Somebody whom AWS knows and we do not: counted, for it should not happen. */
export class UnexpectedPrincipal extends Refusal {
  constructor(
    readonly arn: string,
    why: Stranger['stranger'] | 'right',
    message: string,
    next: string,
  ) {
    super(why === 'right' ? 'access-refused' : 'principal-refused', message, next);
  }
}

export interface Asking {
  readonly settings: Settings;
  readonly sts: StsEndpoint;
  readonly now: Date;
}

/**
 * Hash of all that the caller says: what the proof is for, and what a repeated call must repeat.
 *
 * @throws {Refusal} `call-invalid`
 */
export function digestOf({ version, id, operation, input }: Call, { functionName }: Settings): string {
  try {
    return callDigest(version, functionName, id, operation, input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal(
      'call-invalid',
      'the input is nested too deeply',
      'Correct it; no input has two levels.',
    );
  }
}

/** @throws {Refusal} */
export async function whoCalls(call: Call, { settings, sts, now }: Asking): Promise<Principal> {
  const { region, account } = settings;
  const request = signedRequest(call.proof, { region, digest: digestOf(call, settings), now });
  const arn = await callerArn(sts, request);
  const principal = principalOf(arn, account);
  if (!('stranger' in principal)) return principal;
  throw new UnexpectedPrincipal(arn, principal.stranger, SAYS[principal.stranger], NEXT);
}

const SAYS: Readonly<Record<Stranger['stranger'], string>> = {
  account: 'you are signed in to another account',
  'no-persona': 'you are not signed in through Identity Center as a person',
  'unknown-persona': 'your permission set has no part in the approval path',
};
const NEXT =
  'Sign in with the permission set ProdEngineer, BreakGlassAdmin or SensitiveApprover of this account.';
