/** Days and months as people write them -> a range `[from, to)`. Everything is UTC. Pure. */
import { CommandError } from '../../sql/db/errors';

export interface Range {
  readonly from: Date;
  /** Not part of it. */
  readonly to: Date;
}

export interface GivenDates {
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
}

const YEAR = /^(\d{4})$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * `--at` is the whole of what it names: 2026-04 is April. `--to` includes what it names; without it: until now.
 * @throws CommandError `date-missing`, `date-wrong`, `range-wrong`
 */
export function rangeOf({ at, from, to }: GivenDates, now: Date): Range {
  if (at !== undefined && (from !== undefined || to !== undefined)) {
    throw wrong('range-wrong', '--at stands alone', 'give either --at, or --from and --to');
  }
  if (at !== undefined) return span('--at', at);
  if (from === undefined) {
    throw wrong(
      'date-missing',
      'no date',
      'give --at 2026-04, --at 2026-04-15, or --from 2026-04-01 --to 2026-06-30',
    );
  }
  const start = span('--from', from).from;
  const end = to === undefined ? now : span('--to', to, 'end').to;
  if (start < end) return { from: start, to: end };
  throw wrong(
    'range-wrong',
    `the range ends before it begins: ${start.toISOString()} to ${end.toISOString()}`,
    'give an earlier --from, or a later --to',
  );
}

/** What one text names. An instant lasts a millisecond, and as an end nothing at all. */
export function span(option: string, text: string, as: 'span' | 'end' = 'span'): Range {
  const year = YEAR.exec(text);
  if (year)
    return {
      from: utc(option, text, [Number(year[1]), 1, 1]),
      to: new Date(Date.UTC(Number(year[1]) + 1, 0)),
    };
  const month = MONTH.exec(text);
  if (month) {
    const [y, m] = [Number(month[1]), Number(month[2])];
    return { from: utc(option, text, [y, m, 1]), to: new Date(Date.UTC(y, m)) };
  }
  const day = DAY.exec(text);
  if (day) {
    const from = utc(option, text, [Number(day[1]), Number(day[2]), Number(day[3])]);
    return { from, to: new Date(from.getTime() + 86_400_000) };
  }
  const instant = INSTANT.exec(text);
  if (!instant) throw notADate(option, text);
  utc(option, text, [Number(instant[1]), Number(instant[2]), Number(instant[3])]);
  const from = new Date(instant[7] === undefined ? `${text}Z` : text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(from.getTime())) throw notADate(option, text);
  return { from, to: new Date(from.getTime() + (as === 'end' ? 0 : 1)) };
}

/** The start of a day that exists: 2026-02-30 does not. */
function utc(option: string, text: string, [year, month, day]: readonly [number, number, number]): Date {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return date;
  throw notADate(option, text);
}

function notADate(option: string, text: string): CommandError {
  return wrong(
    'date-wrong',
    `${option} ${JSON.stringify(text)} is no date`,
    'write 2026-04, 2026-04-15 or 2026-04-15T10:00:00Z; times without a zone are UTC',
  );
}

function wrong(code: string, message: string, next: string): CommandError {
  return new CommandError(code, message, next);
}
