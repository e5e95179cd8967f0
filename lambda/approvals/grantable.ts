/** What can only be refused is so before anything is counted, and noted in the ledger. Pure; the database says the last word. */
import type { Context } from '../../sql/approvals/gate';
import { Refusal } from './errors';
import type { Asked } from './narrower';

type Facts = Pick<Context, 'organization' | 'own' | 'sensitive' | 'maximumMinutes'>;

/** @throws {Refusal} with the codes, and in the order, of `guard.request_access` */
export function mustBeGrantable(asked: Asked, facts: Facts): void {
  if (asked.kind === 'flag') mustChange(asked.sensitive, facts);
  else mustOpen(asked, facts);
}

function mustChange(wanted: boolean | undefined, { own, sensitive }: Facts): void {
  if (wanted === undefined)
    throw new Refusal(
      'request-invalid',
      'a change of the flag says what the organization shall be: sensitive true or false',
      'Say which of the two.',
    );
  if (wanted === sensitive)
    throw new Refusal('nothing-to-grant', 'the organization is so already', 'Nothing is needed.');
  if (own) throw new Refusal('access-refused', 'the own tenant is always sensitive', 'Nobody changes that.');
}

function mustOpen(
  { kind, sensitive: flag, minutes }: Asked,
  { organization, sensitive, maximumMinutes }: Facts,
): void {
  if (!sensitive) {
    const where = kind === 'shell' ? 'the support shell shows' : 'the console shows, to whom it is assigned,';
    throw new Refusal(
      'nothing-to-grant',
      'this organization is ordinary: there is nothing to grant',
      `Work with it as you are: ${where} the rows of ${organization} without any grant.`,
    );
  }
  if (flag !== undefined)
    throw new Refusal(
      'request-invalid',
      'sensitive is said with a change of the flag only',
      'Leave it out, or ask for the flag.',
    );
  if (minutes !== undefined && minutes > maximumMinutes)
    throw new Refusal(
      'request-invalid',
      `a grant lasts 1 to ${maximumMinutes} minutes`,
      'Ask for less, and again when it is not enough.',
    );
}
