/** What `audit verify` found, in one line. Pure. */
import type { Head } from '../heads';
import type { Break } from '../verify-chain';

export interface Verification {
  /** Entries that were checked: up to the first that is not as it should be. */
  readonly entries: number;
  readonly broken: Break | null;
  readonly heads: { readonly exported: number; readonly agree: number; readonly newest: Head | null };
}

const number = (value: number) => value.toLocaleString('en-US');
const count = (value: number, one: string, many: string) => `${number(value)} ${value === 1 ? one : many}`;

export function renderVerification({ entries, broken, heads }: Verification, now: Date): string {
  const chain = broken
    ? `chain broken at ${number(broken.sequence)}: ${broken.why}: ${broken.message}`
    : 'chain intact';
  const parts = [count(entries, 'entry', 'entries'), chain];
  if (heads.exported === 0) parts.push('no exported heads');
  else if (heads.agree === heads.exported)
    parts.push(`${count(heads.agree, 'exported head agrees', 'exported heads agree')}`);
  else
    parts.push(
      `${number(heads.agree)} of ${count(heads.exported, 'exported head', 'exported heads')} compared`,
    );
  if (heads.newest)
    parts.push(`newest head at ${number(heads.newest.sequence)} (${ago(heads.newest.at, now)})`);
  return `${parts.join(', ')}\n`;
}

/** `2 min ago`; a time that is no time, or to come, is told as it stands. */
export function ago(at: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(at)) / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) return at;
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}
