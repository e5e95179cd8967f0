/**
 * One text that matches a regular expression, as far as the expression is of the common kind: literals, classes, groups,
 * alternatives, quantifiers. Best effort: the candidate is tried like any other, so a wrong one costs one attempt.
 */
export function matching(pattern: string): string | undefined {
  const reader = new Reader(pattern.replace(/^\*\*\*[:=]/, '').replace(/^\(\?[a-z]+\)/, ''));
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

class Reader {
  private at = 0;
  constructor(private readonly source: string) {}

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
      const piece = this.atom(next);
      out += piece.repeat(this.times());
    }
    return out;
  }

  private atom(next: string): string {
    this.at += 1;
    if (next === '^' || next === '$') return '';
    if (next === '.') return 'a';
    if (next === '[') return this.bracket();
    if (next === '\\') {
      const escaped = this.source[this.at++] ?? '';
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
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.at >= this.source.length) throw new SyntaxError('unbalanced');
      const named = /^\[:(\w+):\]/.exec(this.source.slice(this.at));
      if (named) {
        members.push(NAMED[named[1] as string] ?? 'a');
        this.at += named[0].length;
        continue;
      }
      const member = this.source[this.at++] as string;
      members.push(member === '\\' ? (CLASSES[this.peek() ?? ''] ?? (this.peek() as string)) : member);
      if (member === '\\') this.at += 1;
    }
    this.at += 1;
    if (!negated) return members[0] ?? '';
    return ['a', '1', 'A', '-', '_'].find((each) => !members.includes(each)) ?? 'a';
  }

  private times(): number {
    const counted = /^\{(\d+)(,\d*)?\}\??/.exec(this.source.slice(this.at));
    if (counted) {
      this.at += counted[0].length;
      return Math.min(Number(counted[1]), 500);
    }
    const sign = this.peek();
    if (sign !== '*' && sign !== '+' && sign !== '?') return 1;
    this.at += 1;
    if (this.peek() === '?') this.at += 1;
    return sign === '+' ? 1 : 0;
  }
}
