/** What promises say of logins is what the registry says of them: one of the two alone could drift. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { isAny } from '../../../../lib/access-model/promises/glob';
import { parsePromises } from '../../../../lib/access-model/promises/promises';

const read = (file: string) => parse(readFileSync(path.join(__dirname, '../../../..', file), 'utf8'));
const promises = parsePromises('docs/access-promises.yaml', read('docs/access-promises.yaml'));
const registry: { roles: Record<string, { sees: string }> } = read('sql/registry.yaml');

/** Of the five ways of seeing: docs/registry.md. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  everything: ['own', 'sensitive', 'ordinary'],
  'current-organization': ['own', 'sensitive', 'ordinary'],
  'assigned-organizations': ['own', 'sensitive', 'ordinary'],
  'non-sensitive': ['ordinary'],
  nothing: [],
};

const shown = (id: string): string[] =>
  promises.classes.filter(({ what }) => isAny(what, id)).flatMap(({ rows }) => rows);

test.each(Object.entries(registry.roles))(
  '%s shows the classes that the registry lets it see, if anything reaches it',
  (role, { sees }) => {
    const expected = CLASSES[sees];
    const secret = `secret:tz-prod/sensitive/${role.replaceAll('_', '-')}-login`;
    const said = [...shown(`login:${role}`), ...shown(secret)];
    // What has no way in shows nothing.
    if (said.length > 0 || ['app_backend', 'staff_admin', 'support_shell', 'break_glass'].includes(role))
      expect(said).toEqual(expected);
    expect(expected).toBeDefined();
  },
);

test('both roles that shells log in as are among them', () => {
  expect(Object.keys(registry.roles)).toEqual(
    expect.arrayContaining(['app_backend', 'support_shell', 'break_glass']),
  );
});
