/** What would do with less than what is asked for. Pure: the facts come from the database, the sentences go to a person. */
import type { Context } from '../../sql/approvals/gate';
import type { Kind } from '../../sql/approvals/views';

export interface Asked {
  readonly kind: Exclude<Kind, 'approver'>;
  readonly access: 'read' | 'write';
  readonly sensitive?: boolean | undefined;
  readonly minutes?: number | undefined;
}

type Facts = Pick<Context, 'organization' | 'own' | 'sensitive' | 'defaultMinutes' | 'live'>;

/** Most helpful first; empty where there is nothing. */
export function narrower(asked: Asked, facts: Facts): string[] {
  return [live, insteadOfFlag, readOnly, shorter].flatMap((rule) => rule(asked, facts) ?? []);
}

type Rule = (asked: Asked, facts: Facts) => string | undefined;

const live: Rule = ({ kind, access }, { live: grants }) => {
  const enough = grants.find((each) => each.kind === kind && (access === 'read' || each.access === 'write'));
  if (enough)
    return `You have a grant that suffices already: ${enough.kind}, ${enough.access}, until ${enough.until}.`;
  const reads = access === 'write' && grants.find((each) => each.kind === kind);
  return reads
    ? `You may read it already, until ${reads.until}; ask for write only if you must change rows.`
    : undefined;
};

/** A changed flag shows the organization to everybody, and stays. */
const insteadOfFlag: Rule = ({ kind, sensitive }, { organization, sensitive: is }) =>
  kind === 'flag' && sensitive === false && is
    ? `A grant for the shell or the console shows ${organization} to you alone, and ends by itself; without its flag everybody in support sees it until somebody changes it back.`
    : undefined;

const readOnly: Rule = ({ kind, access }) =>
  access === 'write' && kind !== 'flag'
    ? 'Ask to read first: a read grant cannot change or delete a row by mistake.'
    : undefined;

const shorter: Rule = ({ kind, minutes }, { defaultMinutes }) =>
  kind !== 'flag' && minutes !== undefined && minutes > defaultMinutes
    ? `${defaultMinutes} minutes, the default, would do for most questions; you ask for ${minutes}, and can ask again.`
    : undefined;
