import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CONFIGURATION, ENVIRONMENT, PATHS } from '../../../app/contract';

test('docs/app.md names every variable and address of the image, and no other', () => {
  const text = readFileSync(path.join(__dirname, '../../../docs/app.md'), 'utf8');
  const variables = [
    ...Object.values(ENVIRONMENT),
    ...Object.values(CONFIGURATION).map(({ variable }) => variable),
  ];
  expect([...new Set(text.match(/TZ_[A-Z_]+/g))].sort()).toEqual([...variables].sort());
  for (const address of Object.values(PATHS)) expect(text).toContain(`\`${address}\``);
});
