/** Errors of the Data API, by the names and statuses of its model: the SDK turns them into typed errors. */

const STATUS = {
  AccessDeniedException: 403,
  BadRequestException: 400,
  DatabaseErrorException: 400,
  DatabaseResumingException: 400,
  DatabaseUnavailableException: 504,
  ForbiddenException: 403,
  NotFoundException: 404,
  SecretsErrorException: 400,
  StatementTimeoutException: 400,
  TransactionNotFoundException: 404,
  UnsupportedResultException: 400,
} as const;
export type FaultName = keyof typeof STATUS;

export class DataApiFault extends Error {
  readonly status: number;
  constructor(
    override readonly name: FaultName,
    message: string,
  ) {
    super(message);
    this.status = STATUS[name];
  }
}

/** What PostgreSQL said, as the Data API says it. */
export function fromPostgres(error: unknown): Error {
  if (error instanceof DataApiFault) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === '57014') return new DataApiFault('StatementTimeoutException', 'Request timed out');
  if (code === '28P01' || code === '28000') {
    return new DataApiFault(
      'DatabaseErrorException',
      `FATAL: password authentication failed; SQLState: ${code}`,
    );
  }
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    return new DataApiFault('DatabaseErrorException', `ERROR: ${message}; SQLState: ${code}`);
  }
  return new DataApiFault('DatabaseUnavailableException', `the database does not answer: ${message}`);
}
