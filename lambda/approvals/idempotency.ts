/**
 * The same id again gets the same answer, and does nothing twice. Powertools decides; the records lie in Postgres, where
 * the gate's login may begin, finish, forget and read one, and nothing else.
 */
import {
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
  IdempotencyRecordStatus,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context } from 'aws-lambda';
import type { ClientBase } from 'pg';
import { answerGivenOnce, Refusal } from './errors';

/** Longer than a proof of who calls is good for: a call that somebody recorded cannot be played again. */
const KEPT_SECONDS = 3600;

/** In place of an answer with a secret. */
const WITHHELD = { withheld: true } as const;

/** What a record says: `vault.call_read` and, where there is one already, `vault.call_begin` answer it. */
interface StoredCall {
  readonly status: 'INPROGRESS' | 'COMPLETED';
  /** Hash of the call. */
  readonly payload: string;
  readonly answer: unknown;
  /** Seconds since 1970. */
  readonly expires: number;
}

class PostgresCalls extends BasePersistenceLayer {
  constructor(
    private readonly client: ClientBase,
    private readonly withholds: boolean,
  ) {
    super();
  }

  /** Begins, also in place of a record that is over, or whose process died in the middle. */
  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const found = await this.ask('select vault.call_begin($1, $2::jsonb) as call', record.idempotencyKey, {
      payload: record.payloadHash,
      // What is shown once is not begun anew, whatever became of it: a recorded call would be shown another seed.
      until: this.withholds
        ? record.expiryTimestamp
        : (record.inProgressExpiryTimestamp ?? Date.now()) / 1000,
      expires: record.expiryTimestamp,
    });
    if (found === undefined) return;
    throw new IdempotencyItemAlreadyExistsError('the call is known', recordOf(record.idempotencyKey, found));
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    await this.ask('select vault.call_finish($1, $2::jsonb) as call', record.idempotencyKey, {
      answer: this.withholds && !isRefusal(record.responseData) ? WITHHELD : record.responseData,
      expires: record.expiryTimestamp,
    });
  }

  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    await this.ask('select vault.call_forget($1) as call', record.idempotencyKey);
  }

  protected override async _getRecord(key: string): Promise<IdempotencyRecord> {
    const found = await this.ask('select vault.call_read($1) as call', key);
    if (found === undefined) throw new IdempotencyItemNotFoundError('the call is not known');
    return recordOf(key, found);
  }

  private async ask(sql: string, id: string, values?: object): Promise<StoredCall | undefined> {
    const parameters = values === undefined ? [id] : [id, JSON.stringify(values)];
    const { rows } = await this.client.query<{ call: StoredCall | null }>(sql, parameters);
    return rows[0]?.call ?? undefined;
  }
}

/** Holds no secret. */
function isRefusal(answer: unknown): boolean {
  return (answer as { ok?: unknown } | undefined)?.ok === false;
}

function recordOf(
  idempotencyKey: string,
  { status, payload, answer, expires }: StoredCall,
): IdempotencyRecord {
  return new IdempotencyRecord({
    idempotencyKey,
    status: IdempotencyRecordStatus[status],
    payloadHash: payload,
    responseData: answer as never,
    expiryTimestamp: expires,
  });
}

export interface OnceOptions {
  readonly client: ClientBase;
  readonly functionName: string;
  /** Whose call: ids of different callers never meet. */
  readonly arn: string;
  readonly id: string;
  /** Of all that the caller says. */
  readonly digest: string;
  /** The answer holds a secret: it is not stored, and not given again. */
  readonly withholds: boolean;
  readonly context: Pick<Context, 'getRemainingTimeInMillis'>;
}

/**
 * Calls `act`, unless this very call was answered before. What `act` throws is not stored: the call may be made again.
 *
 * @throws {Refusal} `call-id-reused`, `call-in-progress`, `answer-given-once`
 */
export async function once<T extends object>(options: OnceOptions, act: () => Promise<T>): Promise<T> {
  const { client, functionName, arn, id, digest, withholds, context } = options;
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'digest',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: KEPT_SECONDS,
    hashFunction: 'sha256',
  });
  // An environment variable of Powertools switches it off; not here.
  if (!config.isEnabled()) throw new Error('idempotency is switched off, and nothing is done without it');
  config.registerLambdaContext(context as Context);
  const guarded = makeIdempotent((_: object) => act() as never, {
    persistenceStore: new PostgresCalls(client, withholds),
    config,
    keyPrefix: functionName,
  });
  try {
    const answer = (await guarded({ key: `${arn} ${id}`, digest })) as T;
    if (!('withheld' in answer)) return answer;
  } catch (error) {
    throw translated(error as Error, withholds);
  }
  throw answerGivenOnce();
}

function translated(error: Error, withholds: boolean): Error {
  switch (error.name) {
    case 'IdempotencyValidationError':
      return new Refusal(
        'call-id-reused',
        'the id of this call was used for another one',
        'Give every call an id of its own: the command line does.',
      );
    case 'IdempotencyAlreadyInProgressError':
      if (withholds) return answerGivenOnce();
      return new Refusal(
        'call-in-progress',
        'this very call is being answered now',
        'Wait a moment, then call again with the same id.',
      );
    // The cause is what went wrong; the wrapping says nothing.
    case 'IdempotencyPersistenceLayerError':
      return (error.cause as Error | undefined) ?? error;
    default:
      return error;
  }
}
