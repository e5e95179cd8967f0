/**
 * One text that matches a regular expression, as far as the expression is of the common kind: literals, classes, groups,
 * alternatives, quantifiers. Best effort: the candidate is tried like any other, so a wrong one costs one attempt.
 * With a `seed` the text varies: wherever the expression leaves a choice, the seed makes it, and `+` is taken as several.
 */
export function matching(pattern: string, seed?: number): string | undefined {
  const reader = new Reader(pattern.replace(/^\*\*\*[:=]/, '').replace(/^\(\?[a-z]+\)/, ''), seed);
  try {
    return reader.alternatives();
  } catch {
    return undefined;
  }
}

const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
const NAMED: Readonly<Record<string, string>> = {
  alpha: 'a',
  alnum: 'a',
  digit: '1',
  lower: 'a',
  upper: 'A',
  xdigit: 'a',
  space: ' ',
  punct: '-',
};

/** Characters that a seeded text is made of, of a range or a class of them. */
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const CHOICES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: LETTERS,
  alpha: LETTERS,
  alnum: LETTERS,
  digit: DIGITS,
  lower: LETTERS,
  upper: LETTERS.toUpperCase(),
  xdigit: 'abcdef0123456789',
};

/** Repetitions of a seeded `+` or `*`: together they tell a few hundred million seeds apart. */
const SEVERAL = 8;

class Reader {
  private at = 0;
  constructor(
    private readonly source: string,
    private seed: number | undefined,
  ) {}

  private pick(first: string, choices: string): string {
    if (this.seed === undefined || choices.length < 2) return first;
    const at = this.seed % choices.length;
    this.seed = Math.floor(this.seed / choices.length);
    return choices[at] as string;
  }

  private peek(): string | undefined {
    return this.source[this.at];
  }

  /** The first alternative counts; the others are read past. */
  alternatives(): string {
    const first = this.sequence();
    while (this.peek() === '|') {
      this.at += 1;
      this.sequence();
    }
    return first;
  }

  private sequence(): string {
    let out = '';
    for (let next = this.peek(); next !== undefined && next !== '|' && next !== ')'; next = this.peek()) {
      const start = this.at;
      const before = this.seed;
      const piece = this.atom(next);
      const times = this.times();
      if (before === undefined || times === 1) {
        out += piece.repeat(times);
        continue;
      }
      // Each repetition makes a choice of its own.
      const end = this.at;
      this.seed = before;
      for (let i = 0; i < times; i += 1) {
        this.at = start;
        out += this.atom(next);
      }
      this.at = end;
    }
    return out;
  }

  private atom(next: string): string {
    this.at += 1;
    if (next === '^' || next === '$') return '';
    if (next === '.') return this.pick('a', LETTERS);
    if (next === '[') return this.bracket();
    if (next === '\\') {
      const escaped = this.source[this.at++] ?? '';
      const choices = CHOICES[escaped];
      if (choices) return this.pick(CLASSES[escaped] ?? '', choices);
      return CLASSES[escaped] ?? (/[AZmMyYbB]/.test(escaped) ? '' : escaped);
    }
    if (next !== '(') return next;
    const special = /^\?([:=!])/.exec(this.source.slice(this.at));
    if (special) this.at += special[0].length;
    const inner = this.alternatives();
    if (this.peek() !== ')') throw new SyntaxError('unbalanced');
    this.at += 1;
    // A lookahead consumes nothing.
    return special && special[1] !== ':' ? '' : inner;
  }

  private bracket(): string {
    const negated = this.peek() === '^';
    if (negated) this.at += 1;
    const members: string[] = [];
    let choices = '';
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.at >= this.source.length) throw new SyntaxError('unbalanced');
      const named = /^\[:(\w+):\]/.exec(this.source.slice(this.at));
      if (named) {
        members.push(NAMED[named[1] as string] ?? 'a');
        choices += CHOICES[named[1] as string] ?? '';
        this.at += named[0].length;
        continue;
      }
      const member = this.source[this.at++] as string;
      members.push(member === '\\' ? (CLASSES[this.peek() ?? ''] ?? (this.peek() as string)) : member);
      if (member === '\\') choices += CHOICES[this.source[this.at++] ?? ''] ?? '';
      else choices += this.range(member);
    }
    this.at += 1;
    if (!negated) return this.pick(members[0] ?? '', choices);
    return ['a', '1', 'A', '-', '_'].find((each) => !members.includes(each)) ?? 'a';
  }

  /** `a-z` after its first member was read: all of it. Any other member: itself. */
  private range(from: string): string {
    const rest = /^-([^\]\\])/.exec(this.source.slice(this.at));
    const to = rest?.[1]?.charCodeAt(0) ?? 0;
    const start = from.charCodeAt(0);
    if (!rest || to < start || to - start > 100) return from === '-' || from === '.' ? '' : from;
    return Array.from({ length: to - start + 1 }, (_, i) => String.fromCharCode(start + i)).join('');
  }

  private times(): number {
    const counted = /^\{(\d+)(,\d*)?\}\??/.exec(this.source.slice(this.at));
    if (counted) {
      this.at += counted[0].length;
      const least = Math.min(Number(counted[1]), 500);
      if (this.seed === undefined || counted[2] === undefined) return least;
      return Math.max(least, Math.min(SEVERAL, Number(counted[2].slice(1) || SEVERAL)));
    }
    const sign = this.peek();
    if (sign !== '*' && sign !== '+' && sign !== '?') return 1;
    this.at += 1;
    if (this.peek() === '?') this.at += 1;
    if (this.seed !== undefined && sign !== '?') return SEVERAL;
    return sign === '+' ? 1 : 0;
  }
}
