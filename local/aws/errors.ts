/** Errors as each protocol writes them: the SDK makes the same typed errors of them as of those of AWS. */
import type { AwsReply, Protocol } from './service';
import { element } from './xml';

/** `code`: the name that the SDK's error carries. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** What is wrong before a service is asked. */
export type Refusal = 'unsigned' | 'unknown-key' | 'wrong-signature' | 'wrong-time' | 'denied';

const NAMES: Readonly<Record<Refusal, Readonly<Record<Protocol, readonly [code: string, status: number]>>>> =
  {
    unsigned: {
      query: ['MissingAuthenticationToken', 403],
      json: ['MissingAuthenticationTokenException', 400],
      'rest-json': ['MissingAuthenticationTokenException', 403],
      'rest-xml': ['AccessDenied', 403],
    },
    'unknown-key': {
      query: ['InvalidClientTokenId', 403],
      json: ['UnrecognizedClientException', 400],
      'rest-json': ['UnrecognizedClientException', 403],
      'rest-xml': ['InvalidAccessKeyId', 403],
    },
    'wrong-signature': {
      query: ['SignatureDoesNotMatch', 403],
      json: ['InvalidSignatureException', 400],
      'rest-json': ['InvalidSignatureException', 403],
      'rest-xml': ['SignatureDoesNotMatch', 403],
    },
    'wrong-time': {
      query: ['SignatureDoesNotMatch', 403],
      json: ['InvalidSignatureException', 400],
      'rest-json': ['InvalidSignatureException', 403],
      'rest-xml': ['RequestTimeTooSkewed', 403],
    },
    denied: {
      query: ['AccessDenied', 403],
      json: ['AccessDeniedException', 400],
      'rest-json': ['AccessDeniedException', 403],
      'rest-xml': ['AccessDenied', 403],
    },
  };

export class Refused extends Error {
  constructor(
    readonly refusal: Refusal,
    message: string,
  ) {
    super(message);
  }
}

/** What is neither `AwsError` nor `Refused` is a defect of ours: 500, and its message, for it stays on this machine. */
export function toAwsError(error: unknown, protocol: Protocol): AwsError {
  if (error instanceof AwsError) return error;
  const { message } = error as Error;
  if (!(error instanceof Refused)) return new AwsError('InternalFailure', message, 500);
  const [code, status] = NAMES[error.refusal][protocol];
  return new AwsError(code, message, status);
}

export function errorReply(
  { code, message, status }: AwsError,
  protocol: Protocol,
  requestId: string,
): AwsReply {
  if (protocol === 'query') {
    const error = element('Error', {
      Type: status < 500 ? 'Sender' : 'Receiver',
      Code: code,
      Message: message,
    });
    return xml(status, `<ErrorResponse>${error}${element('RequestId', requestId)}</ErrorResponse>`);
  }
  if (protocol === 'rest-xml') {
    return xml(status, element('Error', { Code: code, Message: message, RequestId: requestId }));
  }
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}

function xml(status: number, body: string): AwsReply {
  return { status, headers: { 'content-type': 'text/xml' }, body: `<?xml version="1.0"?>\n${body}` };
}
