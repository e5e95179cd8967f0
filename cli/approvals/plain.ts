/**
 * Text that other people wrote, made safe for a terminal. A reason could move the cursor, turn the direction of writing
 * round, or start a line of its own, and show an approver another request than the one they give a code for.
 */

/** Control characters, marks that change the direction, line separators, invisible ones, and halves of pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Such characters become `\u{1b}`: seen, and without effect. */
export function plain(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
