/** What came back from the function -> a result, or an error that says what to do. Pure. */
import { z } from 'zod';
import type { Operation, Results } from '../../lambda/approvals/protocol';
import { CommandError } from '../../sql/db/errors';
import { Refused } from './errors';

export interface Returned {
  /** Set when the function ended without an answer of its own: `Unhandled`. */
  readonly functionError: string | undefined;
  readonly payload: string;
  /** Of this try: people who may read the log find it by this. */
  readonly requestId: string | undefined;
}

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), next: z.string() }),
  }),
]);

/** The text of a crash is left out: nobody has looked at what stands in it. */
const crash = z.object({
  errorType: z
    .string()
    .max(100)
    .regex(/^[\w.]+$/),
});

/**
 * @throws {Refused} when the function says no
 * @throws {CommandError} when it failed
 */
export function resultOf<O extends Operation>(returned: Returned): Results[O] {
  const payload = parsed(returned.payload);
  if (returned.functionError !== undefined) {
    const type = crash.safeParse(payload).data?.errorType ?? returned.functionError;
    throw failed(`the function failed: ${type}`, returned);
  }
  const { data } = answer.safeParse(payload);
  if (data === undefined) throw failed('the function answered something that is no answer', returned);
  if (!data.ok) throw new Refused(data.error.code, data.error.message, data.error.next);
  return data.result as Results[O];
}

function failed(message: string, { requestId }: Returned): CommandError {
  const log = requestId === undefined ? 'its log says why' : `its log says why, at ${requestId}`;
  return new CommandError(
    'function-failed',
    message,
    `list says whether it happened all the same, and then run the command again; ${log}`,
    'system',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
