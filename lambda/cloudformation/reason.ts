/** The reason of a failure, as short as CloudFormation wants it. Pure. */

/** CloudFormation refuses a response object beyond this, and then says nothing but "Response object is too long". */
export const RESPONSE_MAX_BYTES = 4096;

/**
 * For the rest of the response object: stack id, physical id (ours is a host and a database), logical id (255), request
 * id, and the name of the log group that the provider framework appends.
 */
export const RESPONSE_FRAME_BYTES = 1400;

/** For a reason, counted as UTF-8 inside a JSON string: a line break takes two bytes. */
export const REASON_MAX_BYTES = RESPONSE_MAX_BYTES - RESPONSE_FRAME_BYTES;

/** Room for "and 123456 more; the log has all of them". */
const TAIL_BYTES = 64;

/** `title`, then as many whole lines as fit, then how many did not. A line break within a line becomes a space. */
export function shorten(title: string, lines: readonly string[], maxBytes = REASON_MAX_BYTES): string {
  const first = cut(flat(title), maxBytes - TAIL_BYTES);
  const taken: string[] = [first];
  let bytes = bytesOf(first);
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index;
    const room = maxBytes - bytes - bytesOf('\n') - (left > 1 ? TAIL_BYTES : 0);
    const whole = flat(line);
    // A first line that is too long by itself is better cut than counted.
    const text = bytesOf(whole) <= room || index > 0 ? whole : cut(whole, room);
    if (bytesOf(text) > room) {
      taken.push(`and ${left} more; the log has all of them`);
      break;
    }
    taken.push(text);
    bytes += bytesOf('\n') + bytesOf(text);
  }
  return taken.join('\n');
}

/** As UTF-8 inside a JSON string. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

function flat(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}

/** Cuts between characters, never within one. */
function cut(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  const ellipsis = '…';
  let kept = '';
  let bytes = bytesOf(ellipsis);
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept + ellipsis;
}
