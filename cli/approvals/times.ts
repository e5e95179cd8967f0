/** Times as people read them: minutes, UTC, and how far away. Pure. */

/** `2026-11-21T10:30Z` */
export function minute(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16)}Z`;
}

/** `2026-11-21T10:30Z, in 28 min` */
export function when(iso: string, now: Date): string {
  return `${minute(iso)}, ${distance(iso, now)}`;
}

/** Rounded down: whoever has `in 3 min` has three minutes at least. */
export function distance(iso: string, now: Date): string {
  const seconds = Math.trunc((Date.parse(iso) - now.getTime()) / 1000);
  if (seconds === 0) return 'now';
  const text = duration(Math.abs(seconds));
  return seconds > 0 ? `in ${text}` : `${text} ago`;
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${seconds} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
