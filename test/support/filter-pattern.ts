/**
 * Metric filter patterns as CloudWatch Logs reads them, as far as ours go: a term in quotes, or a JSON pattern of `=`, `!=`,
 * `NOT EXISTS`, `&&`, `||` and parentheses, with `*` at either end of a value. Anything else is an error.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matchesPattern(pattern: string, event: object | string): boolean {
  const term = /^"([^"]*)"$/.exec(pattern)?.[1];
  if (term !== undefined) return typeof event === 'string' && event.includes(term);
  if (typeof event === 'string') return false;
  const tokens = [...pattern.slice(1, -1).matchAll(/"[^"]*"|\$[\w.[\]]+|&&|\|\||!=|=|[()]|NOT EXISTS/g)].map(
    ([text]) => text,
  );
  if (
    tokens.join('').length !==
    pattern.slice(1, -1).replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length +
      tokens.filter((t) => t === 'NOT EXISTS').length
  ) {
    throw new Error(`this test cannot read the pattern ${pattern}`);
  }
  const reader = new Reader(tokens, event);
  const result = reader.or();
  if (!reader.done) throw new Error(`the pattern goes on after its end: ${pattern}`);
  return result;
}

class Reader {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly event: object,
  ) {}

  get done(): boolean {
    return this.at === this.tokens.length;
  }

  or(): boolean {
    let result = this.and();
    while (this.take('||')) result = this.and() || result;
    return result;
  }

  private and(): boolean {
    let result = this.one();
    while (this.take('&&')) result = this.one() && result;
    return result;
  }

  private one(): boolean {
    if (this.take('(')) {
      const inner = this.or();
      if (!this.take(')')) throw new Error('a parenthesis is not closed');
      return inner;
    }
    const selector = this.next();
    const value = this.valueOf(selector);
    if (this.take('NOT EXISTS')) return value === undefined;
    const operator = this.next();
    const wanted = this.next().slice(1, -1);
    // A field that is not there equals nothing, and differs from nothing.
    if (value === undefined) return false;
    return like(wanted, String(value)) === (operator === '=');
  }

  private valueOf(selector: string): unknown {
    let value: unknown = this.event;
    for (const step of selector
      .slice(2)
      .split(/[.[\]]+/)
      .filter(Boolean))
      value = (value as Record<string, unknown>)?.[step];
    return value;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error('the pattern ends too early');
    this.at += 1;
    return token;
  }
}

function like(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((each) => each.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
