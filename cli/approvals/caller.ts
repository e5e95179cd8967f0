/** Who the credentials belong to, as AWS says. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsFailure } from './aws-failure';
import type { Target } from './target';

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Permission set of Identity Center. Null: the identity is none of a person. */
  readonly persona: string | null;
  /** Session name in lower case: an e-mail address. Null with `persona`. */
  readonly login: string | null;
}

const PERSON =
  /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/AWSReservedSSO_([\w+=,.@-]+)_[0-9a-f]{16}\/([\w+=,.@-]+)$/;

/** Exact: an ARN that is formed any other way is nobody's. */
export function callerOf(arn: string, account: string): Caller {
  const [, owner, persona = null, session] = PERSON.exec(arn) ?? [];
  if (owner !== account) return { account, arn, persona: null, login: null };
  return { account, arn, persona, login: session?.toLowerCase() ?? null };
}

/** @throws {CommandError} when STS cannot be asked */
export async function whoCalls(target: Target): Promise<Caller> {
  const { region, credentials, endpoint } = target;
  const client = new STSClient({ region, credentials, ...(endpoint === undefined ? {} : { endpoint }) });
  try {
    const { Arn = '', Account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return callerOf(Arn, Account);
  } catch (error) {
    throw awsFailure(error, target);
  } finally {
    client.destroy();
  }
}
