/**
 * The ledger through the Data API: as whoever calls, by the rights of their own permission set, with the auditor's secret.
 * Nothing listens to the internet for it, and every call is an event of the trail.
 */
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandOutput,
  type Field,
  type RDSDataClient,
  RollbackTransactionCommand,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { CommandError } from '../../sql/db/errors';
import { asCommandError } from './aws-errors';
import { type Connection, READ_ONLY, TooLarge } from './connection';
import { fromDatabase } from './pg-source';
import type { Row, Statement, Value } from './statements';

export interface DataApiPlace {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

export interface DataApiOptions {
  readonly client: RDSDataClient;
  readonly place: DataApiPlace;
  /** Why it takes longer. */
  note(text: string): void;
  /** While a cluster wakes up. @default - 30, in a minute and a half: it takes 15 to 30 s */
  readonly attempts?: number;
  /** Between them. @default - 3 s */
  readonly pauseMs?: number;
}

const ATTEMPTS = 30;
const PAUSE_MS = 3_000;
const TOO_LARGE = /exceeded size limit|size limit|Packet for query is too large|too large/i;

export function dataApiConnection(options: DataApiOptions): Connection {
  const { client, place } = options;
  const { resourceArn, secretArn } = place;
  return {
    async snapshot(use) {
      const transactionId = await begin(options);
      const execute = (sql: string, parameters: SqlParameter[]) =>
        client.send(
          new ExecuteStatementCommand({
            ...place,
            sql,
            parameters,
            transactionId,
            includeResultMetadata: true,
          }),
        );
      try {
        await execute(READ_ONLY, []);
        const result = await use({
          rows: async (statement, values) =>
            toRows(await execute(statement.sql, toParameters(statement, values))),
        });
        await client.send(new CommitTransactionCommand({ resourceArn, secretArn, transactionId }));
        return result;
      } catch (error) {
        // Most errors have ended it already; what is left open would wait for its three minutes.
        const end = new RollbackTransactionCommand({ resourceArn, secretArn, transactionId });
        await client.send(end).catch(() => undefined);
        throw explained(error);
      }
    },
    close: async () => client.destroy(),
  };
}

/** Only here: a cluster that runs a transaction is awake. */
async function begin({ client, place, note, attempts, pauseMs }: DataApiOptions): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { transactionId } = await client.send(new BeginTransactionCommand(place));
      if (transactionId !== undefined) return transactionId;
      throw new CommandError(
        'aws-failed',
        'the Data API began no transaction',
        'run the command again',
        'system',
      );
    } catch (error) {
      if ((error as Error).name !== 'DatabaseResumingException') throw explained(error);
      if (attempt >= (attempts ?? ATTEMPTS)) {
        throw new CommandError(
          'database-resuming',
          'the database has not woken up in time',
          'run the command again in a minute',
          'system',
          error,
        );
      }
      if (attempt === 1) note('the database is at rest and wakes up: this takes half a minute');
      await new Promise((resolve) => setTimeout(resolve, pauseMs ?? PAUSE_MS));
    }
  }
}

function toParameters({ names }: Statement, values: Readonly<Record<string, Value>>): SqlParameter[] {
  return names.map((name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return { name, value: typeof value === 'number' ? { longValue: value } : { stringValue: value } };
  });
}

function toRows({ columnMetadata = [], records = [] }: ExecuteStatementCommandOutput): Row[] {
  return records.map((record) =>
    Object.fromEntries(
      columnMetadata.map(({ label, name }, index) => [label ?? name ?? '', toValue(record[index])]),
    ),
  );
}

/** Bytes as hex, like `encode(..., 'hex')`. */
export function toValue(field: Field | undefined): unknown {
  if (!field || field.isNull) return null;
  if (field.blobValue) return Buffer.from(field.blobValue).toString('hex');
  if (field.arrayValue) return Object.values(field.arrayValue)[0];
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}

function explained(error: unknown): unknown {
  if (error instanceof CommandError || error instanceof TooLarge) return error;
  const { name, message } = error as Error;
  if (TOO_LARGE.test(message)) return new TooLarge(message);
  const [, said = message, code] = /^(?:ERROR: )?(.*); SQLState: ([0-9A-Z]{5})/s.exec(message) ?? [];
  if (code === '28P01' || code === '28000') {
    return new CommandError(
      'secret-refused',
      'the database refuses the login of the secret',
      'the secret may just have been rotated: run the command again; then see docs/runbook.md',
      'system',
      error,
    );
  }
  if (code !== undefined) {
    return fromDatabase(
      Object.assign(new Error(said, { cause: error }), { code }),
      'the login of the secret',
    );
  }
  if (name === 'StatementTimeoutException') {
    return new CommandError(
      'statement-timeout',
      'the database did not answer in 45 s',
      'ask for a shorter range, or run the command again',
      'system',
      error,
    );
  }
  if (name === 'BadRequestException' && /HttpEndpoint/i.test(message)) {
    return new CommandError(
      'no-data-api',
      'this cluster has no Data API, or there is no such cluster',
      'look at --stage, --account and --region; a stage with one PostgreSQL instance has none: --database-url',
      'user',
      error,
    );
  }
  return asCommandError(error, 'read the ledger through the Data API');
}
