/** `npm start` and AWS beside it: what it writes down, who may do what there, what it prints, and that it leaves nothing. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, type LocalAws, readLocalAws } from '../../../local/connect';
import { start, until } from '../cli/rls';

jest.setTimeout(120_000);

let folder: string;
let running: ReturnType<typeof start>;
let local: LocalAws;
const env = () => ({ TENANT_ZERO_DIRECTORY: folder });
const file = (name: string) => path.join(folder, name);
const as = (name: string) => clientConfig(local, name);
const nameOf = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: Error) => error.name,
  );

beforeAll(async () => {
  const parent = await mkdtemp(path.join(tmpdir(), 'tenant-zero-aws-'));
  // As root, the server runs as somebody else, who must be able to walk here.
  chmodSync(parent, 0o755);
  folder = path.join(parent, 'home');
  running = start('start', ['--directory', folder]);
  await until(() => running.stdout().includes('Ctrl-C stops it.'));
  local = (await readLocalAws(env())) as LocalAws;
});

afterAll(async () => {
  running.child.kill('SIGKILL');
  await running.ran;
  await rm(path.dirname(folder), { recursive: true, force: true });
});

test('what it writes is nobody else’s to read, and everybody in it is who they are', async () => {
  expect(local).toMatchObject({
    ...{
      region: 'eu-central-1',
      account: '000000000000',
      stage: 'local',
      functionName: 'tz-local-approvals',
    },
  });
  for (const name of ['aws.json', 'aws-keys.json', 'sensitive-secrets.json', 'approvals.log'])
    expect([name, statSync(file(name)).mode & 0o777]).toEqual([name, 0o600]);
  expect(Object.keys(local.people)).toEqual(['uma', 'sam', 'ada', 'grace', 'ivo', 'bea', 'aud']);
  for (const name of Object.keys(local.people)) {
    const { Arn } = await new STSClient(as(name)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(local.people[name]?.arn);
  }
});

test('people call the function, and the function alone reads seeds', async () => {
  const invoke = async (name: string) => {
    const input = { FunctionName: local.functionName, Payload: '{}' };
    const { Payload, FunctionError } = await new LambdaClient(as(name)).send(new InvokeCommand(input));
    return { FunctionError, ...JSON.parse(Payload?.transformToString() ?? '') };
  };
  // It answers, and what it was told makes no sense to it.
  expect(await invoke('uma')).toMatchObject({ ok: false, error: { code: 'call-invalid' } });
  expect(await invoke('bea')).toMatchObject({ ok: false });
  expect(await nameOf(invoke('aud'))).toBe('AccessDeniedException');
  for (const SecretId of ['tz-local/sensitive/approver/ada', 'tz-local/sensitive/token-signing-keys']) {
    const names = Object.keys(local.people).map((name) =>
      nameOf(new SecretsManagerClient(as(name)).send(new GetSecretValueCommand({ SecretId }))),
    );
    expect(new Set(await Promise.all(names))).toEqual(new Set(['AccessDeniedException']));
  }
});

test('the auditor reads through the Data API with the login of the secret, and the heads of the ledger; others do not', async () => {
  const { resourceArn, auditorSecret } = local.database;
  const { ARN } = await new SecretsManagerClient(as('aud')).send(
    new DescribeSecretCommand({ SecretId: auditorSecret }),
  );
  const who = (name: string) =>
    new RDSDataClient(as(name)).send(
      new ExecuteStatementCommand({
        resourceArn,
        secretArn: ARN,
        database: 'tenant_zero',
        sql: 'select current_user::text',
      }),
    );
  expect((await who('aud')).records).toEqual([[{ stringValue: 'auditor' }]]);
  expect(await nameOf(who('uma'))).toBe('AccessDeniedException');
  expect(await nameOf(who('bea'))).toBe('AccessDeniedException');
  const list = (name: string) =>
    new S3Client(as(name)).send(new ListObjectsV2Command({ Bucket: local.auditBucket, Prefix: 'ledger/' }));
  const [head] = (await list('aud')).Contents ?? [];
  expect(head?.Key).toMatch(/^ledger\/\d{12}\.json$/);
  const get = new GetObjectCommand({ Bucket: local.auditBucket, Key: head?.Key });
  const { Body } = await new S3Client(as('aud')).send(get);
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ sequence: expect.any(Number) });
  expect(await nameOf(list('uma'))).toBe('AccessDenied');
});

test('the lines that it prints work as they are printed', async () => {
  const line = (title: string) =>
    new RegExp(`^${title}: +(npm run .*)$`, 'm').exec(running.stdout())?.[1] ?? '';
  const run = (command: string) =>
    promisify(execFile)('sh', ['-c', command], {
      cwd: path.join(__dirname, '../../..'),
      env: { ...process.env, ...env() },
    });
  const shell = await run(`${line('A shell')} --execute 'select 42 as answer'`);
  expect(shell.stdout).toMatch(/\b42\b/);
  await run(`${line('Access')} --yes`);
  const told = readFileSync(file('notifications.log'), 'utf8');
  expect(told).toContain('uma@example.com asks for shell access');
});

test('Ctrl-C removes what told where it was; the next start has the same keys, and leaves nothing either', async () => {
  running.child.kill('SIGINT');
  expect(await running.ran).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(file('aws.json'))).toBe(false);
  expect(await nameOf(fetch(local.endpoint))).toBe('TypeError');
  const keys = readFileSync(file('aws-keys.json'), 'utf8');
  const again = await start('start', ['--directory', folder, '--once']).ran;
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toMatch(/AWS: answers at http:\/\/127\.0\.0\.1:\d+/);
  expect(existsSync(file('aws.json'))).toBe(false);
  expect(readFileSync(file('aws-keys.json'), 'utf8')).toBe(keys);
});
