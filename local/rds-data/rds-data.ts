/**
 * The Data API of Aurora over a real PostgreSQL: JSON in, JSON out, so that the real SDK runs against it. Whoever mounts it
 * checks signatures; here, as there, the secret decides which login a statement runs as.
 */
import { Client, type QueryArrayResult } from 'pg';
import { DataApiFault, fromPostgres } from './faults';
import { type Column, toJson, toMetadata, toRecords } from './fields';
import { bind } from './parameters';
import { beginInput, type ExecuteInput, endInput, executeInput, parse } from './request';
import { Transactions } from './transactions';

/** Of a response, and of one row in it. */
export const RESPONSE_LIMIT = 1_048_576;
export const ROW_LIMIT = 65_536;
const STATEMENT_TIMEOUT_MS = 45_000;
const IDLE_TRANSACTION_MS = 3 * 60_000;

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface RdsDataOptions {
  /** The cluster that exists, and where it listens. */
  readonly resourceArn: string;
  readonly host: string;
  readonly port: number;
  /** @default - of calls that name none: postgres */
  readonly database?: string;
  /** What a secret says; undefined: there is no such secret, or the caller may not read it. */
  secret(secretArn: string): Login | undefined | Promise<Login | undefined>;
  /** Milliseconds. @default - 45 s, as in AWS */
  readonly statementTimeout?: number;
  /** Milliseconds until a transaction that nobody uses is rolled back. @default - 3 minutes, as in AWS */
  readonly idleTransaction?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RdsData {
  /** `path` such as `/Execute`; `body` parsed. Never rejects: what goes wrong is an answer. */
  (path: string, body: unknown): Promise<Reply>;
  /** Rolls back what is open. */
  close(): Promise<void>;
}

export function rdsData(options: RdsDataOptions): RdsData {
  const transactions = new Transactions(options.idleTransaction ?? IDLE_TRANSACTION_MS);
  const operations: Readonly<Record<string, (body: unknown) => Promise<object>>> = {
    '/Execute': async (body) => {
      const input = parse(executeInput, body);
      const { transactionId } = input;
      if (transactionId !== undefined) {
        await loginOf(options, input);
        return transactions.within(transactionId, input.secretArn, (client) => execute(client, input));
      }
      const client = await connect(options, input);
      try {
        return await execute(client, input);
      } finally {
        await client.end();
      }
    },
    '/BeginTransaction': async (body) => {
      const input = parse(beginInput, body);
      const client = await connect(options, input);
      return { transactionId: await transactions.begin(client, input.secretArn) };
    },
    '/CommitTransaction': async (body) => {
      const input = parse(endInput, body);
      await loginOf(options, input);
      await transactions.end(input.transactionId, input.secretArn, 'commit');
      return { transactionStatus: 'Transaction Committed' };
    },
    '/RollbackTransaction': async (body) => {
      const input = parse(endInput, body);
      await loginOf(options, input);
      await transactions.end(input.transactionId, input.secretArn, 'rollback');
      return { transactionStatus: 'Rollback Complete' };
    },
  };
  const call = async (path: string, body: unknown): Promise<Reply> => {
    try {
      const operation = Object.hasOwn(operations, path) ? operations[path] : undefined;
      if (!operation) throw new DataApiFault('NotFoundException', `there is no ${path}`);
      return reply(200, await operation(body));
    } catch (error) {
      const fault = fromPostgres(error) as DataApiFault;
      return reply(fault.status, { message: fault.message }, { 'x-amzn-errortype': fault.name });
    }
  };
  return Object.assign(call, { close: () => transactions.close() });
}

function reply(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

interface Place {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database?: string | undefined;
}

/** @throws DataApiFault */
async function loginOf(options: RdsDataOptions, { resourceArn, secretArn }: Place): Promise<Login> {
  if (resourceArn !== options.resourceArn) {
    throw new DataApiFault('BadRequestException', `HttpEndpoint is not enabled for resource ${resourceArn}`);
  }
  const login = await options.secret(secretArn);
  if (login) return login;
  throw new DataApiFault(
    'BadRequestException',
    'Error fetching secret; Secrets Manager can’t find the specified secret. (Service: AWSSecretsManager)',
  );
}

async function connect(options: RdsDataOptions, place: Place): Promise<Client> {
  const { username, password } = await loginOf(options, place);
  const client = new Client({
    host: options.host,
    port: options.port,
    database: place.database ?? options.database ?? 'postgres',
    user: username,
    password,
    statement_timeout: options.statementTimeout ?? STATEMENT_TIMEOUT_MS,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601',
    application_name: 'rds-data-api',
    connectionTimeoutMillis: 10_000,
  });
  // A connection that is lost while nobody asks it anything is found by the next call.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

const AS_TEXT = { getTypeParser: () => (text: unknown) => text };

async function execute(client: Client, input: ExecuteInput): Promise<object> {
  const { text, values } = bind(input.sql, input.parameters ?? []);
  const result: QueryArrayResult = await client.query({
    text,
    // With values the extended protocol is used, which knows one statement a call: several are refused, as there.
    values: [...values],
    queryMode: 'extended',
    rowMode: 'array',
    types: AS_TEXT,
    // biome-ignore lint/suspicious/noExplicitAny: the types of pg do not know queryMode and types together
  } as any);
  const columns: readonly Column[] = result.fields;
  const records = toRecords(columns, result.rows as (string | null)[][], input.resultSetOptions);
  for (const record of records) {
    if (JSON.stringify(record).length > ROW_LIMIT) {
      throw new DataApiFault('UnsupportedResultException', 'Packet for query is too large');
    }
  }
  const isQuery = columns.length > 0;
  const rows = isQuery
    ? input.formatRecordsAs === 'JSON'
      ? { formattedRecords: toJson(columns, records) }
      : { records, ...(input.includeResultMetadata && { columnMetadata: toMetadata(columns) }) }
    : {};
  const answer = {
    ...rows,
    ...(input.formatRecordsAs !== 'JSON' && { generatedFields: [] }),
    numberOfRecordsUpdated: result.command === 'SELECT' ? 0 : (result.rowCount ?? 0),
  };
  if (Buffer.byteLength(JSON.stringify(answer)) > RESPONSE_LIMIT) {
    throw new DataApiFault('UnsupportedResultException', 'Database response exceeded size limit');
  }
  return answer;
}
