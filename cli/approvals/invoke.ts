/**
 * One call of the function. It is sent again when the network fails, AWS takes too long or is busy: with the same id, which
 * the function does once. A call that it is still busy with is asked for again until the answer is there.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Call, Operation, Proof, Results } from '../../lambda/approvals/protocol';
import { CommandError } from '../../sql/db/errors';
import { resultOf } from './answers';
import { awsFailure } from './aws-failure';
import { Refused } from './errors';
import type { Target } from './target';

export interface Tries {
  /** Milliseconds for one try; longer than the function may take. */
  readonly timeout: number;
  /** Tries of the SDK, with its pauses in between. */
  readonly most: number;
  /** Milliseconds between questions about a call that is still running, and how many of them. */
  readonly pause: number;
  readonly questions: number;
}

const TRIES: Tries = { timeout: 65_000, most: 4, pause: 1000, questions: 75 };

export interface Invoking {
  readonly target: Target;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told of every try after the first. */
  readonly again: (tries: number) => void;
  readonly tries?: Partial<Tries>;
}

/** The function's word for: this id is being worked on. */
export const IN_PROGRESS = 'call-in-progress';

export class Invoker {
  private readonly client: LambdaClient;
  private readonly tries: Tries;
  private sent = 0;

  constructor(private readonly invoking: Invoking) {
    const { target, again } = invoking;
    this.tries = { ...TRIES, ...invoking.tries };
    this.client = new LambdaClient({
      region: target.region,
      credentials: target.credentials,
      maxAttempts: this.tries.most,
      retryMode: 'standard',
      requestHandler: {
        connectionTimeout: Math.min(5000, this.tries.timeout),
        requestTimeout: this.tries.timeout,
        throwOnRequestTimeout: true,
      },
      ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    });
    this.client.middlewareStack.add(
      (next) => (args) => {
        this.sent += 1;
        if (this.sent > 1) again(this.sent);
        return next(args);
      },
      // Below the SDK's own retries: once for each try.
      { step: 'finalizeRequest', priority: 'low' },
    );
  }

  /** @param prove - signs anew: a proof of who calls lives five minutes */
  async invoke<O extends Operation>(
    call: Omit<Call, 'proof'>,
    prove: () => Promise<Proof>,
  ): Promise<Results[O]> {
    this.sent = 0;
    for (let asked = 0; ; asked += 1) {
      try {
        return await this.send<O>({ ...call, proof: await prove() });
      } catch (given) {
        const error = given instanceof CommandError ? given : awsFailure(given, this.invoking.target);
        const isRunning = error instanceof Refused && error.code === IN_PROGRESS;
        if (!isRunning || asked >= this.tries.questions) throw error;
        await this.invoking.sleep(this.tries.pause);
      }
    }
  }

  close(): void {
    this.client.destroy();
  }

  private async send<O extends Operation>(call: Call): Promise<Results[O]> {
    const answer = await this.client.send(
      new InvokeCommand({
        FunctionName: this.invoking.target.functionName,
        InvocationType: 'RequestResponse',
        Payload: new TextEncoder().encode(JSON.stringify(call)),
      }),
    );
    return resultOf<O>({
      functionError: answer.FunctionError,
      payload: answer.Payload?.transformToString() ?? '',
      requestId: answer.$metadata.requestId,
    });
  }
}
