import { FILE, FULL, HEAD, parsed, problemsOf } from './example';

const ALL = ['select', 'insert', 'update', 'delete'];

describe('a registry that uses everything', () => {
  const registry = parsed(FULL);

  test('has its organizations, with select for every role that sees some and is not named', () => {
    expect(registry.organizations).toEqual({
      table: { schema: 'public', name: 'organizations' },
      id: 'id',
      sensitive: { kind: 'column', column: 'is_sensitive' },
      own: { kind: 'column', column: 'is_own' },
      gate: 'sensitive_gate',
      grants: {
        app_backend: ['select', 'update'],
        staff_admin: ['select'],
        support_shell: ['select'],
        break_glass: ['select'],
      },
      replaces: ['*_tenant_id'],
      samples: { plan: "'free'" },
      location: { file: FILE, line: 2, column: 1 },
    });
  });

  test('has its settings', () => {
    expect(registry).toMatchObject({
      file: FILE,
      assignments: {
        table: { schema: 'access', name: 'staff_assignments' },
        person: 'staff_id',
        organization: 'organization_id',
        location: { line: 11 },
      },
      owner: 'platform_owner',
      migrations: { login: 'migrator' },
      appliers: ['registry_applier'],
      administrators: ['tz_master'],
      approvals: { auditor: 'ledger_reader', defaultMinutes: 30, maximumMinutes: 120 },
      failOn: 'error',
    });
  });

  test('has its roles, each verb once and in one order', () => {
    expect(registry.roles.map(({ location, ...role }) => ({ ...role, line: location.line }))).toEqual([
      {
        name: 'app_backend',
        sees: 'current-organization',
        verbs: ALL,
        login: true,
        settings: { statement_timeout: '30s', work_mem: '64' },
        line: 17,
      },
      {
        name: 'staff_admin',
        sees: 'assigned-organizations',
        verbs: ['select', 'update'],
        login: false,
        settings: {},
        line: 18,
      },
      {
        name: 'support_shell',
        sees: 'non-sensitive',
        verbs: ['select'],
        login: false,
        settings: {},
        line: 19,
      },
      { name: 'break_glass', sees: 'everything', verbs: ALL, login: false, settings: {}, line: 20 },
      { name: 'sensitive_gate', sees: 'nothing', verbs: [], login: false, settings: {}, line: 21 },
      { name: 'ledger_reader', sees: 'nothing', verbs: [], login: false, settings: {}, line: 22 },
    ]);
  });

  test('has its tables, named exactly as spelled', () => {
    expect(registry.tables.map(({ table, belongs }) => [`${table.schema}|${table.name}`, belongs])).toEqual([
      ['public|employees', { kind: 'direct', columns: ['organization_id'] }],
      ['public|legacy_notes', { kind: 'via', columns: ['employee_id'] }],
      ['public|lines', { kind: 'via', columns: ['document_id', 'document_version'] }],
      ['public|partnerships', { kind: 'direct', columns: ['from_organization_id', 'to_organization_id'] }],
      [
        'public|users',
        { kind: 'through', table: { schema: 'public', name: 'memberships' }, columns: ['user_id'] },
      ],
      ['public|memberships', { kind: 'direct', columns: ['organization_id'] }],
      ['Core|Work Space', { kind: 'direct', columns: ['organizationId'] }],
      [
        'Crm|Deals',
        { kind: 'through', table: { schema: 'Crm', name: 'parts' }, columns: ['org_id', 'deal_id'] },
      ],
      ['public|documents', { kind: 'direct', columns: ['organization_id'] }],
    ]);
    expect(registry.tables.at(-1)).toMatchObject({
      grants: { support_shell: ['select'], app_backend: [] },
      replaces: ['*_tenant_id'],
      samples: { kind: "'x'" },
      search: [{ column: 'title', operator: 'ilike' }],
      location: { file: FILE, line: 32, column: 3 },
    });
    expect(registry.tables[0]).toMatchObject({ grants: {}, replaces: [], samples: {}, search: [] });
  });

  test('has its exceptions, which hold through their last day', () => {
    expect(registry.excluded).toMatchObject([
      {
        table: { name: 'currencies' },
        until: '2027-06-30',
        grants: { app_backend: ['select'] },
        location: { line: 39 },
      },
      { table: { name: 'rates' }, until: '2026-07-01', grants: {}, location: { line: 40 } },
    ]);
    expect(registry.acknowledged).toMatchObject([
      {
        rule: 'TZ121',
        on: ['public.*'],
        reason: 'known',
        owner: 'platform',
        location: { line: 46, column: 5 },
      },
      { rule: 'TZ122', on: ['x'], location: { line: 47 } },
    ]);
  });

  test('has its views and its gaps', () => {
    expect(registry.views).toMatchObject([
      { table: { name: 'directory' }, grants: { app_backend: ['select'] } },
    ]);
    expect(registry.undecided).toEqual([
      {
        table: { schema: 'public', name: 'odd' },
        because: 'two ways lead to the organizations',
        location: { file: FILE, line: 44, column: 3 },
      },
    ]);
  });
});

test('the smallest registry gets every default', () => {
  const { hash, ...registry } = parsed(`${HEAD}tables:\nviews:\nacknowledged:\n`);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(registry).toStrictEqual({
    file: FILE,
    organizations: {
      table: { schema: 'public', name: 'organizations' },
      id: 'id',
      sensitive: { kind: 'managed' },
      grants: { app_backend: ['select'] },
      replaces: [],
      samples: {},
      location: { file: FILE, line: 1, column: 1 },
    },
    appliers: [],
    administrators: [],
    roles: [
      {
        name: 'app_backend',
        sees: 'current-organization',
        verbs: ALL,
        login: false,
        settings: {},
        location: { file: FILE, line: 3, column: 3 },
      },
    ],
    tables: [],
    views: [],
    excluded: [],
    undecided: [],
    acknowledged: [],
    failOn: 'warning',
  });
});

test.each([
  ['managed', { kind: 'managed' }],
  ['{ column: managed }', { kind: 'column', column: 'managed' }],
  ['hidden', { kind: 'column', column: 'hidden' }],
])('sensitive: %s', (text, expected) => {
  expect(parsed(HEAD.replace('managed', text)).organizations.sensitive).toEqual(expected);
});

test('the own organization may be named by its key', () => {
  const own = "managed, own: { id: '42' }";
  expect(parsed(HEAD.replace('managed', own)).organizations.own).toEqual({ kind: 'id', id: '42' });
});

test.each([
  ['tables whose quoted names differ in case', `'"Users"': { via: a }\n  '"users"': { via: a }`],
  ['one name in two schemas', 'a.users: { via: a }\n  b.users: { via: a }'],
  ['one name with a dot and one with a schema', `'"a.b"': { via: a }\n  a.b: { via: a }`],
])('%s are different tables', (_, entries) => {
  expect(problemsOf(`${HEAD}tables:\n  ${entries}\n`)).toEqual([]);
});

test('an exception may carry a timestamp tag', () => {
  const text = `${HEAD}excluded:\n  a: { reason: r, owner: o, until: !!timestamp 2027-06-30 }\n`;
  expect(parsed(text).excluded[0]?.until).toBe('2027-06-30');
});

test('YAML 1.1 is read as 1.2, where `on` is a word', () => {
  const text = `%YAML 1.1\n---\n${HEAD}acknowledged:\n  - { rule: TZ101, on: on, reason: yes, owner: o, until: 2027-01-01 }\n`;
  expect(parsed(text).acknowledged).toMatchObject([{ on: ['on'], reason: 'yes', until: '2027-01-01' }]);
});

test('anchors may repeat a value', () => {
  const text = `${HEAD}tables:\n  a: { via: x, grants: &g { app_backend: [select] } }\n  b: { via: x, grants: *g }\n`;
  expect(parsed(text).tables.map(({ grants }) => grants)).toEqual([
    { app_backend: ['select'] },
    { app_backend: ['select'] },
  ]);
});

describe('the hash', () => {
  const table = (lines: string) => parsed(`${HEAD}tables:\n${lines}`).hash;
  const base = table('  a: { via: x }\n  b: { organization: [x, y] }\n');

  test.each([
    ['comments and blank lines', '  # why\n\n  a: { via: x } # so\n  b: { organization: [x, y] }\n'],
    ['notation', '  public.a: { via: [x] }\n  "b":\n    organization:\n      - x\n      - y\n'],
    ['the order of tables', '  b: { organization: [x, y] }\n  a: { via: x }\n'],
  ])('is the same whatever %s', (_, lines) => {
    expect(table(lines)).toBe(base);
  });

  test.each([
    ['a column', '  a: { via: z }\n  b: { organization: [x, y] }\n'],
    ['the order of columns', '  a: { via: x }\n  b: { organization: [y, x] }\n'],
    ['a grant', '  a: { via: x, grants: { app_backend: [] } }\n  b: { organization: [x, y] }\n'],
  ])('differs with %s', (_, lines) => {
    expect(table(lines)).not.toBe(base);
  });
});
