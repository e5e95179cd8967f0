/** Errors of AWS -> what happened and what to do about it. */
import { CommandError } from '../../sql/db/errors';

type Say = readonly [code: string, message: string, next: string];

const REFUSED: Say = [
  'aws-refused',
  'AWS refuses it',
  'sign in as SecurityAuditor: aws sso login --profile <profile>, and give that profile with --profile',
];
const SIGNED_OUT: Say = [
  'aws-signed-out',
  'there are no valid credentials',
  'sign in: aws sso login --profile <profile>, and give that profile with --profile',
];
const UNREACHABLE: Say = ['aws-unreachable', 'AWS does not answer', 'look at the network and at --region'];

const KNOWN: Readonly<Record<string, Say>> = {
  AccessDenied: REFUSED,
  AccessDeniedException: REFUSED,
  ForbiddenException: REFUSED,
  CredentialsProviderError: SIGNED_OUT,
  ExpiredTokenException: SIGNED_OUT,
  ExpiredToken: SIGNED_OUT,
  UnrecognizedClientException: SIGNED_OUT,
  InvalidClientTokenId: SIGNED_OUT,
  TokenProviderError: SIGNED_OUT,
  TimeoutError: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  NoSuchBucket: [
    'no-bucket',
    'there is no such bucket',
    'look at --stage, --account and --region, or name it with --bucket',
  ],
  ResourceNotFoundException: [
    'no-secret',
    'there is no such secret',
    'look at --stage and --region: is the stage deployed?',
  ],
};

/** @param attempt what was tried, as an infinitive: `read the ledger` */
export function asCommandError(error: unknown, attempt: string): CommandError {
  if (error instanceof CommandError) return error;
  const { name, code, message } = error as Error & { code?: string };
  const found = [name, code ?? ''].find((each) => Object.hasOwn(KNOWN, each));
  const say = found === undefined ? undefined : KNOWN[found];
  if (!say) {
    return new CommandError(
      'aws-failed',
      `cannot ${attempt}: ${name}: ${message}`,
      'set TENANT_ZERO_DEBUG=1 for the stack',
      'system',
      error,
    );
  }
  const [id, what, next] = say;
  return new CommandError(id, `cannot ${attempt}: ${what} (${message})`, next, 'user', error);
}
