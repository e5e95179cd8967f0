/** Environments of the functions with power: what is left out, and every problem at once. */
import { ENVIRONMENT as BOOTSTRAP } from '../../../../lambda/database-bootstrap/contract';
import { parseSettings as parseBootstrap } from '../../../../lambda/database-bootstrap/settings';
import { ENVIRONMENT as ROTATION } from '../../../../lambda/secret-rotation/contract';
import { kindOf } from '../../../../lambda/secret-rotation/kinds';
import { parseSettings as parseRotation } from '../../../../lambda/secret-rotation/settings';

const where = {
  [BOOTSTRAP.host]: 'db.example',
  [BOOTSTRAP.port]: '5432',
  [BOOTSTRAP.database]: 'app',
};
const bootstrap = {
  ...where,
  [BOOTSTRAP.masterSecret]: 'master',
  [BOOTSTRAP.breakGlassSecret]: 'break-glass',
  [BOOTSTRAP.auditorSecret]: 'auditor',
  [BOOTSTRAP.audit]: 'pgaudit',
};
const rotation = {
  ...where,
  AWS_REGION: 'eu-central-1',
  [ROTATION.applierUser]: 'registry_applier',
  [ROTATION.tokenKeys]: 'tokens',
  [ROTATION.sessionKeys]: 'sessions',
  [ROTATION.breakGlass]: 'break-glass',
  [ROTATION.auditor]: 'auditor',
};

function problems(parse: typeof parseBootstrap | typeof parseRotation, environment: Record<string, string>) {
  try {
    parse(environment, '/package');
    return [];
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.split(':')[0]);
  }
}

test('certificates lie in the package unless the environment says where', () => {
  expect(parseBootstrap(bootstrap, '/package').caFile).toBe('/package/database-ca.pem');
  expect(parseRotation({ ...rotation, TZ_CA_FILE: '/ca.pem' }, '/package').caFile).toBe('/ca.pem');
});

test('rotation logs in by a token of its region, and never as the master', () => {
  const settings = parseRotation(rotation, '/package');
  expect(settings.applier).toEqual({ kind: 'iam', user: 'registry_applier', region: 'eu-central-1' });
  expect(Object.values(ROTATION)).not.toContain(BOOTSTRAP.masterSecret);
});

test.each<[string, typeof parseBootstrap | typeof parseRotation, Record<string, string>]>([
  ['the bootstrap', parseBootstrap, bootstrap],
  ['rotation', parseRotation, rotation],
])('%s names every variable that is missing, at once', (...[, parse, environment]) => {
  expect(problems(parse, environment)).toEqual([]);
  expect(problems(parse, {}).sort()).toEqual(Object.keys(environment).sort());
});

test('whether people are recorded is never left open', () => {
  const { [BOOTSTRAP.audit]: _, ...silent } = bootstrap;
  expect(problems(parseBootstrap, silent)).toEqual([BOOTSTRAP.audit]);
  expect(problems(parseBootstrap, { ...silent, [BOOTSTRAP.audit]: 'off' })).toEqual([BOOTSTRAP.audit]);
});

test.each([
  ['db.example;drop', BOOTSTRAP.host],
  ['70000', BOOTSTRAP.port],
])('"%s" is no %s', (value, variable) => {
  expect(problems(parseBootstrap, { ...bootstrap, [variable]: value })).toEqual([variable]);
  expect(problems(parseRotation, { ...rotation, [variable]: value })).toEqual([variable]);
});

test('a secret is known by its whole name', () => {
  const settings = parseRotation(rotation, '/package');
  for (const name of ['tokens', 'sessions', 'break-glass', 'auditor'])
    expect(kindOf(settings, name)).toBeDefined();
  for (const name of ['token', 'tokens-2', 'Tokens', '']) {
    expect(() => kindOf(settings, name)).toThrow(/no secret that this function rotates/);
  }
});
