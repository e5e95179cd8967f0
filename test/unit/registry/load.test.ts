import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../../sql/db/errors';
import { loadRegistry, RegistryInvalid } from '../../../sql/registry';
import { FULL, HEAD, TODAY } from './example';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(content: string | Uint8Array, today?: string): Promise<unknown> {
  const file = join(folder, 'registry.yaml');
  await writeFile(file, content);
  return loadRegistry(file, today).catch((error: unknown) => error);
}

test('reads a registry', async () => {
  expect(await load(FULL, TODAY)).toMatchObject({
    owner: 'platform_owner',
    file: join(folder, 'registry.yaml'),
  });
});

test('measures exceptions against the day it is', async () => {
  const excluded = (until: string) => `${HEAD}excluded:\n  a: { reason: r, owner: o, until: ${until} }\n`;
  expect(await load(excluded('2020-01-01'))).toBeInstanceOf(RegistryInvalid);
  expect(await load(excluded('9999-12-31'))).toMatchObject({ excluded: [{ until: '9999-12-31' }] });
});

test('throws all problems, one per line, and keeps them', async () => {
  const error = await load(`${HEAD}colour: red\nfail_on: info\n`);
  expect(error).toBeInstanceOf(CommandError);
  const file = join(folder, 'registry.yaml');
  expect(error).toMatchObject({ code: 'registry-invalid', fault: 'user', problems: [{}, {}] });
  expect((error as CommandError).message.split('\n')).toEqual([
    expect.stringMatching(/:4:1 unknown key "colour" -> the keys here are /),
    `${file}:5:10 "info" is not one of error, warning -> write one of error, warning`,
  ]);
});

test.each([
  ['a file that is not there', () => loadRegistry(join(folder, 'none.yaml'))],
  ['a folder', () => loadRegistry(folder)],
])('refuses %s', async (_, act) => {
  await expect(act()).rejects.toMatchObject({ code: 'registry-unreadable', cause: expect.anything() });
});

test('refuses bytes that are not UTF-8 rather than reading another name', async () => {
  expect(await load(Buffer.concat([Buffer.from(HEAD), Buffer.from([0x23, 0xff])]))).toMatchObject({
    code: 'registry-unreadable',
  });
});
