/** What the function writes: JSON lines on standard output, no secret in any of them. */
import type { Finding } from '../../sql/verifier/types';
import { JsonLog } from '../connection/json-log';
import { LOG_LINE_MAX_BYTES, METRICS } from './contract';

export interface Metrics {
  readonly database: string;
  readonly operation: keyof typeof METRICS.operations;
  readonly findings: number;
  readonly drift: number;
  readonly tablesProtected: number;
  readonly unproved: number;
  readonly durationMs: number;
}

export class Log extends JsonLog {
  /** All findings: one line, or as many as CloudWatch needs. */
  report(title: string, fields: Readonly<Record<string, unknown>>, findings: readonly Finding[]): void {
    const room = LOG_LINE_MAX_BYTES - Buffer.byteLength(JSON.stringify({ title, ...fields })) - 200;
    const parts = split(
      findings.map((finding) => this.redact(JSON.stringify(finding))),
      room,
    );
    for (const [index, part] of parts.entries()) {
      const head = JSON.stringify({
        level: 'info',
        event: title,
        ...fields,
        part: index + 1,
        parts: parts.length,
      });
      this.write(`${this.redact(head.slice(0, -1))},"findings":[${part.join(',')}]}`);
    }
  }

  /** CloudWatch makes metrics of a line in this format (EMF); it must be all that stands in the line. */
  metrics(values: Metrics): void {
    const { names, dimensions, namespace, operations } = METRICS;
    const metric = (Name: string, Unit: 'Count' | 'Milliseconds') => ({ Name, Unit });
    const emf = {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [[dimensions.database, dimensions.operation]],
            Metrics: [
              metric(names.findings, 'Count'),
              metric(names.drift, 'Count'),
              metric(names.tablesProtected, 'Count'),
              metric(names.unproved, 'Count'),
              metric(names.durationMs, 'Milliseconds'),
            ],
          },
        ],
      },
      [dimensions.database]: values.database,
      [dimensions.operation]: operations[values.operation],
      [names.findings]: values.findings,
      [names.drift]: values.drift,
      [names.tablesProtected]: values.tablesProtected,
      [names.unproved]: values.unproved,
      [names.durationMs]: values.durationMs,
    };
    this.write(JSON.stringify(emf));
  }
}

/** Groups of items that stay below `room` bytes, commas included; an item beyond it is replaced by a note. */
export function split(items: readonly string[], room: number): string[][] {
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item) + 1;
    const text = size > room ? JSON.stringify({ cut: `a finding of ${size} bytes` }) : item;
    const length = Math.min(size, Buffer.byteLength(text) + 1);
    if (bytes + length > room && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    (parts.at(-1) as string[]).push(text);
    bytes += length;
  }
  return parts;
}
