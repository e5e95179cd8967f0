/** Changes that somebody has accepted: `docs/access-changes.yaml`. */
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Problem } from '../problem';
import { type Broadened, broadened } from './broadened';
import type { AccessChanges } from './changes';

const change = z
  .string()
  .min(1)
  // An entry for everything would accept what nobody has seen yet.
  .refine((text) => text.replace(/[*\s]/g, '').length >= 8, 'has to name more than *');

const entry = z.strictObject({
  /** The stable id of a change; `*` stands for anything. */
  change,
  'accepted-by': z.string().trim().min(1),
  reason: z.string().trim().min(10),
  /** The last day on which it counts. */
  until: z.string().refine(isDay, 'has to be a day that exists, as in 2027-01-31'),
});

export type Accepted = z.infer<typeof entry>;

/** @throws {Problem} with everything that is wrong, in one line */
export function parseAccepted(file: string, text: string): Accepted[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Problem(`${file}: ${error.message.split('\n')[0]}`);
  const parsed = z.array(entry).safeParse(document.toJS() ?? []);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [index, ...rest], message }) => {
    const place = index === undefined ? 'the file' : `entry ${Number(index) + 1}`;
    return `${place}${rest.length > 0 ? `, ${rest.join('.')}` : ''}: ${message}`;
  });
  throw new Problem(`${file}: ${problems.join('; ')}`);
}

/** As text, days compare in the order of time. `2027-02-30` is none, though `Date` reads it as one in March. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export interface Judgement {
  /** What broadens access and has no entry that counts. */
  readonly unaccepted: readonly Broadened[];
  readonly accepted: readonly { readonly change: Broadened; readonly by: Accepted }[];
  /** Entries past their day. They count for nothing, and fail the diff: what was accepted for a while is to be looked at again. */
  readonly lapsed: readonly Accepted[];
  /**
   * Entries that match nothing. They are told and fail nothing: the pull request that makes the change needs its entry until
   * it is merged, and right after that the entry is stale for everybody else.
   */
  readonly stale: readonly Accepted[];
}

/** @param today - `2027-01-31`; an entry counts on its last day too */
export function judge(changes: AccessChanges, accepted: readonly Accepted[], today: string): Judgement {
  const all = broadened(changes);
  const lapsed = accepted.filter(({ until }) => until < today);
  const counting = accepted.filter((each) => !lapsed.includes(each));
  const judged = all.map((each) => ({ change: each, by: counting.find((own) => matches(own, each)) }));
  return {
    unaccepted: judged.flatMap((each) => (each.by ? [] : [each.change])),
    accepted: judged.flatMap(({ change: each, by }) => (by ? [{ change: each, by }] : [])),
    lapsed,
    stale: counting.filter((own) => !all.some((each) => matches(own, each))),
  };
}

/** Whether something is open that nobody accepted, or is past the day until which somebody did. */
export const fails = ({ unaccepted, lapsed }: Judgement): boolean => unaccepted.length + lapsed.length > 0;

function matches({ change: pattern }: Accepted, { id }: Broadened): boolean {
  const source = pattern
    .trim()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(id);
}
