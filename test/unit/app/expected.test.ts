import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectedOf } from '../../../app/expected';

const FILE = path.join(__dirname, '../../../sql/registry.yaml');
const text = readFileSync(FILE, 'utf8');

test('the hash is of what the registry says, not of how it is written', () => {
  const { registryHash } = expectedOf(text, FILE);
  expect(registryHash).toMatch(/^[0-9a-f]{64}$/);
  expect(expectedOf(`# a comment\n${text}`, 'elsewhere.yaml').registryHash).toBe(registryHash);
  const changed = text.replace('statement_timeout: 60s', 'statement_timeout: 61s');
  expect(expectedOf(changed, FILE).registryHash).not.toBe(registryHash);
});

test('tables that belong to everybody are known by schema and name', () => {
  expect(expectedOf(text, FILE).excluded).toContainEqual({ schema: 'public', name: 'plans' });
});

test('an image without a registry does not start', () => {
  expect(() => expectedOf('tables: 1', FILE)).toThrow(/is no registry/);
});
