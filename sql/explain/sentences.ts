/** What a role sees, in words. Pure. */
import type { BoundTable } from '../compiler/bound';
import type { DesiredRelation } from '../compiler/desired';
import { SQLSTATE } from '../db/errors';
import type { Registry, Sees } from '../registry';

/** Why `sees` shows or does not show a row of a registered table. `byTicket`: the registry has `approvals`. */
export function seesSentences(sees: Sees, table: BoundTable, byTicket: boolean): string[] {
  switch (sees) {
    case 'everything':
      return ['sees every row: it sees everything'];
    case 'nothing':
      return ['sees no row: the registry says it sees nothing'];
    case 'current-organization':
      return [
        `sees ${rows(table)} the organization of its tenant token, and no other`,
        `no token -> SQLSTATE ${SQLSTATE.tokenMissing}; an expired one ${SQLSTATE.tokenExpired}, a forged one ${SQLSTATE.tokenForged}`,
      ];
    case 'assigned-organizations':
      return [
        `sees ${rows(table)} organizations that are assigned to the person of its staff token and are not sensitive`,
        'a sensitive one that is assigned shows while a live grant of that person lasts',
        `no token -> SQLSTATE ${SQLSTATE.tokenMissing}`,
      ];
    case 'non-sensitive':
      return [
        `sees ${rows(table)} organizations that are not sensitive`,
        byTicket
          ? 'a sensitive one shows while a live grant of the person of the session lasts'
          : 'a sensitive one shows while a live grant of the person of its support token lasts; no token: no grants',
        ...(byTicket ? [`no ticket redeemed in the session -> SQLSTATE ${SQLSTATE.ticketMissing}`] : []),
      ];
  }
}

function rows(table: BoundTable): string {
  switch (table.entry.belongs.kind) {
    case 'direct':
      return table.columns.length > 1 ? 'rows of which all organizations are' : 'rows of';
    case 'via':
      return `rows whose ${table.link?.relation.text} row it sees, which are those of`;
    case 'through':
      return `rows with at least one ${table.link?.relation.text} row that it sees, hence of`;
  }
}

export function verbSentence(verbs: readonly string[]): string | undefined {
  return verbs.length === 0 ? 'holds no privilege on it: every statement fails (SQLSTATE 42501)' : undefined;
}

export function ownerSentences(registry: Registry, { mode }: DesiredRelation): string[] {
  if (mode === 'excluded' || mode === 'grants-only')
    return ['owns it; its own row security is left as it is'];
  const login = registry.migrations?.login;
  const refused = `is refused with SQLSTATE ${SQLSTATE.ownerRefused}: row security is forced, and the owner's policy raises`;
  return [login === undefined ? refused : `${refused}, unless the session is the migration login ${login}`];
}
