/** SNS: messages to people. */
import { randomUUID } from 'node:crypto';
import { AwsError } from './errors';
import { parseQuery, queryReply } from './query-protocol';
import type { Service } from './service';

const VERSION = '2010-03-31';
/** Of a message, in bytes. */
const LARGEST = 262_144;

export interface Published {
  readonly id: string;
  readonly topic: string;
  readonly subject: string | undefined;
  readonly message: string;
}

export interface SnsOptions {
  /** ARNs of those there are. */
  readonly topics: readonly string[];
  deliver(published: Published): void | Promise<void>;
}

export function sns({ topics, deliver }: SnsOptions): Service {
  return {
    protocol: 'query',
    read: (request) =>
      parseQuery(request, VERSION, {
        Publish: ({ TopicArn = '' }) => [{ action: 'sns:Publish', resource: TopicArn }],
      }),
    async answer({ operation, input }) {
      const { TopicArn: topic = '', Subject: subject, Message: message = '' } = input;
      if (!topics.includes(topic)) throw new AwsError('NotFound', 'Topic does not exist', 404);
      requireValid(subject, message);
      const id = randomUUID();
      await deliver({ id, topic, subject, message });
      return queryReply(operation, `http://sns.amazonaws.com/doc/${VERSION}/`, { MessageId: id });
    },
  };
}

/** Mail programs are why. */
function requireValid(subject: string | undefined, message: string): void {
  const invalid = (what: string) => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
  if (message === '' || Buffer.byteLength(message) > LARGEST) throw invalid('Message');
  if (subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(subject)) throw invalid('Subject');
}
