/** JSON lines on standard output, no secret in any of them. */
export class JsonLog {
  private readonly secrets = new Set<string>();

  constructor(protected readonly write: (line: string) => void) {}

  /** From now on the value is struck out wherever it turns up. */
  readonly keepSecret = (value: string): void => {
    // Also as it stands in a URL, and in a JSON string.
    for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) {
      if (form.length > 2) this.secrets.add(form);
    }
  };

  redact(text: string): string {
    let clean = text;
    // Longest first: a secret may be part of another form of itself.
    for (const secret of [...this.secrets].sort((a, b) => b.length - a.length))
      clean = clean.replaceAll(secret, '***');
    return clean;
  }

  line(
    level: 'info' | 'warn' | 'error',
    event: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    this.write(this.redact(JSON.stringify({ level, event, ...fields })));
  }
}
