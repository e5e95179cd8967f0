import { ENVIRONMENT } from '../../../lambda/rls-registry/contract';
import { parseSettings } from '../../../lambda/rls-registry/settings';

const iam = {
  AWS_REGION: 'eu-central-1',
  [ENVIRONMENT.login]: 'iam',
  [ENVIRONMENT.host]: 'db.example',
  [ENVIRONMENT.database]: 'app',
  [ENVIRONMENT.applierUser]: 'registry_applier',
};

function problems(environment: Record<string, string>): string[] {
  try {
    parseSettings(environment, '/package');
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

test('what is left out has its default', () => {
  expect(parseSettings({ ...iam, [ENVIRONMENT.probes]: 'none' }, '/package')).toEqual({
    host: 'db.example',
    port: undefined,
    database: 'app',
    applier: { kind: 'iam', user: 'registry_applier', region: 'eu-central-1' },
    migrations: undefined,
    registryFile: '/package/registry.yaml',
    caFile: '/package/database-ca.pem',
    probes: 'none',
    connectSeconds: 60,
    lockSeconds: 120,
  });
  expect(parseSettings(iam, '/package').probes).toBe('existing');
});

test('paths start at the package, absolute ones where they say', () => {
  const settings = parseSettings(
    { ...iam, TZ_MIGRATIONS_DIR: 'm', TZ_MIGRATOR_USER: 'migrator', TZ_CA_FILE: '/var/runtime/ca-cert.pem' },
    '/package',
  );
  expect(settings.migrations).toMatchObject({ dir: '/package/m', login: { user: 'migrator' } });
  expect(settings.caFile).toBe('/var/runtime/ca-cert.pem');
});

test('all problems are reported at once', () => {
  expect(problems({}).join('\n')).toMatch(/^TZ_LOGIN: /);
  expect(
    problems({
      TZ_LOGIN: 'iam',
      TZ_DATABASE_PORT: '70000',
      TZ_DATABASE_HOST: 'https://db.example/',
      TZ_MIGRATIONS_DIR: 'migrations',
      TZ_PROBES: 'some',
      TZ_LOCK_SECONDS: 'long',
      TZ_REGISTRYFILE: 'x',
    }).map((line) => line.split(':')[0]),
  ).toEqual([
    'TZ_REGISTRYFILE',
    'TZ_DATABASE_HOST',
    'TZ_DATABASE_PORT',
    'TZ_PROBES',
    'TZ_LOCK_SECONDS',
    'TZ_DATABASE_NAME',
    'TZ_APPLIER_USER',
    'TZ_MIGRATOR_USER',
    'AWS_REGION',
  ]);
});

test('a login by secret needs the secrets and nothing else', () => {
  expect(problems({ TZ_LOGIN: 'secret', TZ_MIGRATIONS_DIR: 'm' })).toEqual([
    'TZ_APPLIER_SECRET: is missing, with TZ_LOGIN=secret',
    'TZ_MIGRATOR_SECRET: is missing, with TZ_LOGIN=secret',
  ]);
  expect(problems({ TZ_LOGIN: 'secret', TZ_APPLIER_SECRET: 'arn' })).toEqual([]);
});

test('a value that the template left empty is none', () => {
  expect(
    problems({ ...iam, TZ_DATABASE_PORT: '', TZ_MIGRATIONS_DIR: '', TZ_LOCK_SECONDS: '', TZ_PROBES: '' }),
  ).toEqual([]);
});
