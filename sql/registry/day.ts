/** Days written as `YYYY-MM-DD`: they compare as text. */

/** The day exists: `2027-02-30` does not, though `Date` would read it as March 2. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day it is in UTC, so that an exception ends at the same moment on every machine. */
export function todayUtc(now: Date = new Date()): string {
  return now.toISOString().slice(0, 10);
}
