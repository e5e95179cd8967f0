/** JSON with the operation in a header: Secrets Manager, SSM, ECS. */
import { z } from 'zod';
import { AwsError } from './errors';
import type { Principal } from './people';
import type { AwsReply, AwsRequest, Need, Service } from './service';

/** One operation: what it takes, what it needs, what it answers. */
export interface Operation {
  readonly input: z.ZodType;
  needs(input: unknown): readonly Need[];
  answer(input: unknown, principal: Principal): object | Promise<object>;
}

/** Ties the three to one another. */
export function operation<S extends z.ZodType>(given: {
  readonly input: S;
  needs(input: z.output<S>): readonly Need[];
  answer(input: z.output<S>, principal: Principal): object | Promise<object>;
}): Operation {
  return given as Operation;
}

export interface JsonServiceOptions {
  /** Before the dot: `secretsmanager`. */
  readonly target: string;
  /** What the service calls an input that makes no sense. */
  readonly invalid: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

export function jsonService({ target, invalid, operations }: JsonServiceOptions): Service {
  const find = (name: string): Operation => {
    const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (found) return found;
    throw new AwsError('UnknownOperationException', `${target} answers no ${name} here`);
  };
  return {
    protocol: 'json',
    read(request) {
      const [prefix, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      if (prefix !== target) throw new AwsError('UnknownOperationException', `${prefix} is not ${target}`);
      const { input: shape, needs } = find(name);
      const parsed = shape.safeParse(parseJson(request));
      if (!parsed.success) throw new AwsError(invalid, z.prettifyError(parsed.error));
      return { operation: name, input: parsed.data, needs: needs(parsed.data) };
    },
    answer: async ({ operation: name, input }, principal) =>
      jsonReply(await find(name).answer(input, principal)),
  };
}

/** @throws AwsError `SerializationException` */
export function parseJson({ body }: AwsRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON');
  }
}

/** Times are seconds since 1970 in this protocol. */
export function jsonReply(answer: object): AwsReply {
  const body = JSON.stringify(answer, function (this: Record<string, unknown>, key, value) {
    const plain = this[key];
    return plain instanceof Date ? plain.getTime() / 1000 : value;
  });
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
}
