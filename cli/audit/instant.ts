/** Times of the database, in microseconds since 1970 -> ISO 8601 in UTC, to the microsecond. Pure. */

/** Undefined when it is no time that a calendar has. */
export function isoOf(micros: number): string | undefined {
  if (!Number.isSafeInteger(micros)) return undefined;
  const second = Math.floor(micros / 1_000_000);
  const time = new Date(second * 1000);
  if (Number.isNaN(time.getTime())) return undefined;
  const rest = String(micros - second * 1_000_000).padStart(6, '0');
  return time.toISOString().replace('.000Z', `.${rest}Z`);
}
