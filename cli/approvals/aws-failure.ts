/** Errors of the SDK, in words that say what to do. Pure. */
import { CommandError } from '../../sql/db/errors';
import type { Target } from './target';

type Say = (target: Target, error: Error) => readonly [code: string, message: string, next: string];

const AGAIN = 'list says whether it happened all the same; if not, run the command again';

const LOGIN: Say = (_, { message }) => [
  'credentials-refused',
  `AWS does not take these credentials: ${message}`,
  'aws sso login --profile <your profile>, and run the command again with that --profile',
];
const UNREACHABLE: Say = (target, { message }) =>
  target.endpoint === undefined
    ? ['unreachable', `no answer from AWS in ${target.region}: ${message}`, AGAIN]
    : [
        'unreachable',
        `no answer from ${target.endpoint}: ${message}`,
        'npm start runs the endpoints of this machine',
      ];
const BUSY: Say = ({ functionName }) => [
  'busy',
  `${functionName} takes no more calls at the moment`,
  'wait a minute, and run the command again',
];

/** By the name of the error, or by the code of a system error. */
const KNOWN: Readonly<Record<string, Say>> = {
  CredentialsProviderError: (_, { message }) => [
    'credentials-missing',
    `there are no credentials of AWS: ${message}`,
    'aws sso login --profile <your profile>, and name it with --profile or AWS_PROFILE; --local is this machine',
  ],
  ExpiredTokenException: LOGIN,
  ExpiredToken: LOGIN,
  UnrecognizedClientException: LOGIN,
  InvalidClientTokenId: LOGIN,
  InvalidSignatureException: LOGIN,
  SignatureDoesNotMatch: LOGIN,
  AccessDeniedException: ({ functionName }, { message }) => [
    'not-allowed',
    `these credentials may not call ${functionName}: ${message}`,
    'whoami says who you are; ProdEngineer, SensitiveApprover and BreakGlassAdmin may',
  ],
  ResourceNotFoundException: ({ functionName, region }) => [
    'function-missing',
    `there is no ${functionName} in ${region}`,
    'are --stage, --region and the account of --profile right?',
  ],
  TooManyRequestsException: BUSY,
  ThrottlingException: BUSY,
  TimeoutError: UNREACHABLE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  EPIPE: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
};

export function awsFailure(error: unknown, target: Target): CommandError {
  if (error instanceof CommandError) return error;
  const given = described(error);
  const known = [given.name, given.code].find((each) => Object.hasOwn(KNOWN, each));
  const say = known === undefined ? undefined : KNOWN[known];
  const clean = new Error(given.message.replace(/\s+/g, ' ').trim() || given.name);
  if (say === undefined) {
    return new CommandError('aws-failed', `AWS says ${given.name}: ${clean.message}`, AGAIN, 'system', error);
  }
  const [name, message, next] = say(target, clean);
  return new CommandError(name, message, next, 'user', error);
}

/** Of what is no Error by its class the SDK makes one, and says so in front. */
const WRAPPED = /^AWS SDK error wrapper for (\w+): (.*)$/s;

function described(error: unknown): { name: string; message: string; code: string } {
  const { name, message, code } = Object(error) as { name?: unknown; message?: unknown; code?: unknown };
  const text = String(message ?? error);
  const [, inner, words] = WRAPPED.exec(text) ?? [];
  return { name: inner ?? String(name ?? 'Error'), message: words ?? text, code: String(code ?? '') };
}
