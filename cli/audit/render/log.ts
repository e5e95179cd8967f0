/** Entries of the ledger, one a line. Pure. */
import { plainJson } from '../../approvals/plain';
import { isoOf } from '../instant';
import type { Entry } from '../ledger-source';
import type { Format } from './audit';
import { type Cell, csvLine } from './csv';
import { table, time } from './table';

export interface LoggedEntry {
  readonly sequence: number;
  /** ISO 8601, to the microsecond. */
  readonly at: string;
  readonly event: string;
  readonly login: string | null;
  readonly persona: string | null;
  readonly organization: string | null;
  readonly request: string | null;
  readonly detail: unknown;
  readonly hash: string;
}

/** From the body, which is what was hashed. A body that cannot be read is shown as it is: `verify` says what is wrong. */
export function toLogged({ sequence, body, hash }: Entry): LoggedEntry {
  let said: Record<string, unknown>;
  try {
    said = JSON.parse(body) as Record<string, unknown>;
  } catch {
    said = { event: '(unreadable)', detail: body };
  }
  const text = (name: string) => (typeof said[name] === 'string' ? (said[name] as string) : null);
  return {
    sequence,
    at: (typeof said.at === 'number' ? isoOf(said.at) : undefined) ?? '',
    event: text('event') ?? '(unreadable)',
    login: text('login'),
    persona: text('persona'),
    organization: text('organization'),
    request: text('request'),
    detail: said.detail ?? null,
    hash,
  };
}

const HEADER = ['sequence', 'at', 'event', 'login', 'persona', 'organization', 'request', 'detail'] as const;

const detailOf = (detail: unknown): string | null =>
  detail === null ? null : typeof detail === 'string' ? detail : JSON.stringify(detail);

const cellsOf = ({
  sequence,
  at,
  event,
  login,
  persona,
  organization,
  request,
  detail,
}: LoggedEntry): Cell[] => [sequence, at, event, login, persona, organization, request, detailOf(detail)];

/** JSON lines; a table and CSV with a header, also when there is nothing. */
export function renderLog(entries: readonly LoggedEntry[], format: Format): string {
  if (format === 'json') return entries.map((entry) => `${plainJson(entry)}\n`).join('');
  if (format === 'csv') return [HEADER, ...entries.map(cellsOf)].map(csvLine).join('');
  return table(
    HEADER,
    entries.map((entry) => {
      const [sequence, , ...rest] = cellsOf(entry);
      return [sequence ?? null, time(entry.at), ...rest];
    }),
  );
}
