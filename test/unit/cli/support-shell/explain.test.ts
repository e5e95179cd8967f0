/** `explain`: names the layer, prints the request, and tells nothing of an organization. */
import path from 'node:path';
import { hiddenBy, layersOf, type Question, tableName } from '../../../../cli/support-shell/explain/layers';
import { explanation } from '../../../../cli/support-shell/explain/render';
import type { Visibility } from '../../../../lambda/approvals/protocol';
import { loadRegistry, type Registry } from '../../../../sql/registry';

let registry: Registry;
beforeAll(async () => {
  registry = await loadRegistry(path.join(__dirname, '../../../../sql/registry.yaml'));
});

const grant = (more: object = {}) => ({
  organization: 'acme',
  kind: 'shell',
  access: 'read',
  endsAt: '2026-11-21T11:30:00.000Z',
  live: true,
  revoked: false,
  ...more,
});
const seen = (grants: Visibility['grants'] = [], more: Partial<Visibility> = {}): Visibility => ({
  person: '7',
  login: 'uma@example.com',
  persona: 'ProdEngineer',
  maySeeSensitive: true,
  grants,
  ...more,
});

function explain(more: Partial<Question> = {}) {
  const question: Question = {
    table: 'employees',
    organization: 'acme',
    personaProblem: undefined,
    service: { failing: [] },
    registry,
    visibility: seen(),
    flags: '--stage prod',
    ...more,
  };
  const layers = layersOf(question);
  return {
    layers,
    hidden: hiddenBy(layers),
    text: explanation(question.table, question.organization, layers),
  };
}

const verdicts = (more: Partial<Question> = {}) =>
  Object.fromEntries(explain(more).layers.map(({ layer, verdict }) => [layer, verdict]));

const OPEN = { persona: 'open', service: 'open', role: 'open', policy: 'open', grant: 'open' };

test('with a live grant for writing, nothing hides an organization', () => {
  const visibility = seen([grant({ access: 'write' })]);
  expect(verdicts({ visibility })).toEqual(OPEN);
  expect(explain({ visibility }).text).toMatch(/^Nothing hides rows of employees of acme from you\n/);
});

describe('the layer that hides', () => {
  test('persona, before anything else', () => {
    const personaProblem = { message: 'SecurityAuditor opens no shell', next: 'log in as ProdEngineer' };
    const { hidden, text } = explain({ personaProblem, visibility: undefined, service: { failing: ['x'] } });
    expect(hidden).toMatchObject({ layer: 'persona', verdict: 'hides' });
    expect(text).toContain('next: log in as ProdEngineer');
  });

  test('service', () => {
    const { hidden } = explain({ service: { failing: ['agent-running', 'task-running'] } });
    expect(hidden).toMatchObject({
      layer: 'service',
      why: expect.stringContaining('agent-running, task-running'),
    });
  });

  test('a service that could not be asked hides nothing, and is said', () => {
    expect(verdicts({ service: { unknown: 'no' } })).toMatchObject({ service: 'unknown' });
  });

  test.each([
    ['access.staff_assignments', 'role', 'open'],
    ['access.staff', 'role', 'open'],
    ['public.nowhere', 'role', 'hides'],
    ['elsewhere.employees', 'role', 'hides'],
  ])('%s: role', (table, layer, policy) => {
    expect(explain({ table }).hidden).toMatchObject({ layer, verdict: 'hides' });
    expect(verdicts({ table })).toMatchObject({ policy });
  });

  test.each([
    'employees',
    'public.employees',
    'Public.EMPLOYEES',
    '"employees"',
    'users',
    'organizations',
    'legacy_notes',
  ])('%s: neither role nor policy', (table) => {
    expect(verdicts({ table })).toMatchObject({ role: 'open', policy: 'open' });
  });

  test('no grant: the request is printed with the organization in it', () => {
    const { hidden, text } = explain();
    expect(hidden).toMatchObject({ layer: 'grant', verdict: 'may-hide' });
    expect(text).toContain(
      "next: npm run -s sensitive-access -- request --organization acme --kind shell --reason '<why>' --ticket <number> --stage prod",
    );
    expect(explain({ organization: "it's" }).text).toContain(`--organization 'it'\\''s' --kind`);
    expect(explain({ organization: undefined }).text).toContain('--organization KEY --kind shell');
  });

  test('nobody may grant it to this person', () => {
    const { hidden } = explain({ visibility: seen([], { maySeeSensitive: false }) });
    expect(hidden).toMatchObject({ layer: 'grant', next: expect.stringContaining('not marked') });
  });

  test('a grant that ended, and when; the last of them', () => {
    const visibility = seen([
      grant({ live: false, endsAt: '2026-11-20T11:30:00.000Z' }),
      grant({ live: false, endsAt: '2026-11-21T10:30:00.000Z' }),
    ]);
    expect(explain({ visibility }).hidden?.why).toContain(
      'your grant for acme ended at 2026-11-21T10:30:00.000Z',
    );
    const revoked = seen([grant({ live: false, revoked: true })]);
    expect(explain({ visibility: revoked }).hidden?.why).toContain('your grant for acme was revoked at 2026');
  });

  test('a grant for reading, in a transaction that may write', () => {
    const { hidden } = explain({ visibility: seen([grant()]) });
    expect(hidden).toMatchObject({
      layer: 'grant',
      verdict: 'may-hide',
      next: expect.stringContaining('BEGIN READ ONLY'),
    });
  });

  test('a grant of the console is none', () => {
    const visibility = seen([grant({ kind: 'console', access: 'write' })]);
    expect(explain({ visibility }).hidden?.why).toContain('you have no grant for acme');
  });
});

test('a name that means something to a terminal is shown, and does nothing', () => {
  expect(explain({ organization: 'x\u001b[2J' }).text).not.toContain('\u001b');
});

test.each([
  ['a.b.c', undefined],
  ['', undefined],
  ['"A b".C', { schema: 'A b', name: 'c' }],
])('names of tables: %s', (text, expected) => {
  expect(tableName(text)).toEqual(expected);
});
