/**
 * Text that other people wrote, made safe for a terminal. A reason could move the cursor, turn the direction of writing
 * round, or start a line of its own, and show an approver another request than the one they give a code for.
 */

/**
 * Control characters, marks that change the direction, line separators, invisible ones, and halves of pairs. The marks of
 * emoji are part of words.
 */
const UNSEEN = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Such characters become `\u{1b}`: seen, and without effect. */
export function plain(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** JSON as it is, but for such characters, which it has another way to write. */
export function plainJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  // Ends of lines are ours: in a string JSON has another way to write them already.
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/** In two halves where it has two. */
function escaped(character: string): string {
  const halves = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return halves.map((half) => `\\u${half.toString(16).padStart(4, '0')}`).join('');
}
