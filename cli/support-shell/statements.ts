/** Finds where statements end: at a `;` that stands in no string, name, comment or parenthesis. Pure. */

export interface Split {
  /** Complete ones, without their `;`. */
  readonly statements: readonly string[];
  /** What has begun and not ended; '' for nothing but space. */
  readonly rest: string;
}

/** What begins something that hides a `;`, and a pattern for its end. */
const HIDING: readonly { readonly begins: RegExp; ends(begun: RegExpExecArray): RegExp }[] = [
  { begins: /--/y, ends: () => /\n/g },
  { begins: /[eE]'/y, ends: () => /(?:[^'\\]|\\[\s\S]|'')*'(?!')/y },
  { begins: /'/y, ends: () => /(?:[^']|'')*'(?!')/y },
  { begins: /"/y, ends: () => /(?:[^"]|"")*"(?!")/y },
  {
    begins: /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
    ends: ([tag]) => new RegExp(tag.replaceAll('$', '\\$'), 'g'),
  },
];
const WORD = /[A-Za-z0-9_$\u0080-\uffff]/;

export function split(text: string): Split {
  const statements: string[] = [];
  let begin = 0;
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const end = skip(text, at);
    if (end === undefined) return { statements, rest: text.slice(begin) };
    if (end > at) {
      at = end;
      continue;
    }
    const character = text[at];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    at += 1;
    if (character !== ';' || depth > 0) continue;
    const statement = text.slice(begin, at - 1).trim();
    if (statement !== '') statements.push(statement);
    begin = at;
    depth = 0;
  }
  const rest = text.slice(begin);
  return { statements, rest: rest.trim() === '' ? '' : rest };
}

/** Where what begins at `at` ends; `at` itself when nothing does; undefined when it does not end. */
function skip(text: string, at: number): number | undefined {
  if (text.startsWith('/*', at)) return commentEnd(text, at);
  // In `name$1$`, `one'` nothing begins where a word goes on, but for the string after `E`.
  const inWord = at > 0 && WORD.test(text[at - 1] as string);
  for (const { begins, ends } of HIDING) {
    begins.lastIndex = at;
    const begun = begins.exec(text);
    if (!begun || (inWord && /^[eE$]/.test(begun[0]))) continue;
    const end = ends(begun);
    end.lastIndex = at + begun[0].length;
    return end.exec(text) ? end.lastIndex : undefined;
  }
  return at;
}

/** Comments of this kind lie in one another. */
function commentEnd(text: string, at: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}
