import { ConfigurationInvalid, parseConfiguration } from '../../../app/configuration';

const IAM = {
  TZ_STAGE: 'prod',
  TZ_SERVICE: 'backend',
  TZ_DATABASE_HOST: 'db.example.com',
  TZ_DATABASE_PORT: '5433',
  TZ_DATABASE_NAME: 'tenant_zero',
  TZ_DATABASE_USER: 'app_backend',
  TZ_DATABASE_LOGIN: 'iam',
  TZ_CA_FILE: '/app/database-ca.pem',
  TZ_TOKEN_KEYS: 'tz-prod/sensitive/token-signing-keys',
  TZ_SESSION_KEYS: 'tz-prod/sensitive/session-signing-keys',
  AWS_REGION: 'eu-central-1',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    parseConfiguration(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationInvalid) return error.problems;
    throw error;
  }
}

test('what the stack gives is enough, with the defaults of the contract', () => {
  expect(parseConfiguration(IAM)).toMatchObject({
    login: { kind: 'iam', region: 'eu-central-1' },
    tokenKeys: { kind: 'secret', name: 'tz-prod/sensitive/token-signing-keys' },
    logLevel: 'info',
    pageSize: 50,
    requestTimeoutMs: 10_000,
  });
});

test('all problems are told at once, each with its variable', () => {
  const problems = problemsOf({
    ...IAM,
    TZ_DATABASE_PORT: '0',
    TZ_DATABASE_USER: undefined,
    TZ_LOG_LEVEL: 'chatty',
    TZ_TYPO: 'x',
    TZ_CA_FILE: '',
  });
  expect(problems.map((each) => each.split(':')[0])).toEqual([
    'TZ_DATABASE_PORT',
    'TZ_DATABASE_USER',
    'TZ_LOG_LEVEL',
    'TZ_TYPO',
    'TZ_CA_FILE',
  ]);
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  [
    'a password to another machine',
    { TZ_DATABASE_LOGIN: 'password', TZ_DATABASE_PASSWORD: 'x' },
    /goes to this machine only/,
  ],
  ['a login that there is not', { TZ_DATABASE_LOGIN: 'trust' }, /neither "iam" nor "password"/],
  ['a port in another notation', { TZ_DATABASE_PORT: '1e3' }, /TZ_DATABASE_PORT: is not a port/],
  ['nothing where something must be', { TZ_STAGE: ' ' }, /TZ_STAGE/],
  ['no keys', { TZ_TOKEN_KEYS: undefined }, /TZ_TOKEN_KEYS: give either it or TZ_TOKEN_KEYS_FILE/],
  ['keys from two places', { TZ_SESSION_KEYS_FILE: '/x' }, /TZ_SESSION_KEYS: give either/],
  ['no region', { AWS_REGION: undefined }, /AWS_REGION/],
  ['a page of everything', { TZ_PAGE_SIZE: '100000' }, /TZ_PAGE_SIZE/],
])('%s is refused', (...[, change, problem]) => {
  expect(problemsOf({ ...IAM, ...change }).join('\n')).toMatch(problem);
});

test('a password is taken as it is, and goes to this machine', () => {
  const { TZ_CA_FILE: _, ...rest } = IAM;
  const local = {
    ...rest,
    TZ_DATABASE_LOGIN: 'password',
    TZ_DATABASE_PASSWORD: ' p ',
    TZ_DATABASE_HOST: '127.0.0.1',
  };
  expect(parseConfiguration(local).login).toEqual({ kind: 'password', password: ' p ' });
});

test('the support shell needs no keys', () => {
  const { TZ_TOKEN_KEYS: _, TZ_SESSION_KEYS: __, ...rest } = IAM;
  expect(problemsOf({ ...rest, TZ_SERVICE: 'support-shell', TZ_DATABASE_USER: 'support_shell' })).toEqual([]);
});
