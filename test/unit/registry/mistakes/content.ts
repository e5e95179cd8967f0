/** Names, references within the file, contradictions, exceptions that do not hold. */
import { after, type Mistake, organizations, roles, whole } from './mistake';

const SAME = 'reason: r, owner: o, until: 2027-01-31';
const LONG = 'x'.repeat(64);

const NAMES: readonly Mistake[] = [
  whole('no roles', 'organizations: { table: o, id: id, sensitive: managed }\n§roles: {}', [
    'roles is empty',
    'add a role',
  ]),
  roles(
    'reserved roles',
    '  §public: { sees: nothing }\n  §pg_monitor: { sees: nothing }',
    ['public cannot be a role', 'of your own'],
    ['pg_monitor cannot be a role', 'of your own'],
  ),
  whole(
    'a role that would be trusted with everything',
    'organizations: { table: o, id: id, sensitive: managed }\nroles:\n  §app: { sees: nothing }\nadministrators: [app]',
    ['app cannot be a role and an administrator', 'take it out'],
  ),
  roles('a role that PostgreSQL would cut', `  §${LONG}: { sees: nothing }`, [
    'longer than 63 bytes',
    'catalog',
  ]),
  after('a column that PostgreSQL would cut', `tables:\n  a: { via: §${LONG} }`, [
    'longer than 63 bytes',
    'catalog',
  ]),
  after(
    'names that are none',
    `tables:\n  §a.b.c: { via: x }\n  §a b: { via: x }\n  d: { through: { table: §'x.', column: c } }\nviews:\n  §${LONG}: {}`,
    ['"a.b.c" is not the name of a table', 'schema.table'],
    ['"a b" is not the name of a table', 'schema.table'],
    ['"x." is not the name of a table', 'schema.table'],
    ['is not the name of a table', '63 bytes'],
  ),
  whole(
    'no table name',
    "organizations: { table: §'', id: id, sensitive: x }\nroles: { a: { sees: nothing } }",
    ['"" is not the name of a table', 'schema.table'],
  ),
];

const DUPLICATES: readonly Mistake[] = [
  after(
    'one table without and with schema, and quoted',
    `tables:\n  employees: { via: a }\n  §public.employees: { via: a }\n  §'"public"."employees"': { via: a }`,
    ['public.employees is entered twice: first under tables as employees in line 5', 'keep one'],
    ['"public"."employees" is entered twice: first under tables as employees in line 5', 'keep one'],
  ),
  after('one table in two cases', 'tables:\n  public.Users: { via: a }\n  §public.users: { via: a }', [
    'public.users is entered twice',
    'quote both',
  ]),
  after('one table folded and quoted', `tables:\n  Users: { via: a }\n  §'"Users"': { via: a }`, [
    '"Users" is entered twice: first under tables as Users in line 5',
    'keep one',
  ]),
  after(
    'one table in several sections',
    `tables:\n  a: { via: x }\nexcluded:\n  §public.a: { ${SAME} }\nviews:\n  b: {}\nundecided:\n  §A: { because: x }\n  §b: { because: y }`,
    ['public.a is entered twice: first under tables in line 5', 'keep one'],
    ['A is entered twice', 'quote both'],
    ['b is entered twice: first under views in line 9', 'keep one'],
  ),
  after('the organizations table as a table', 'tables:\n  §public.organizations: { organization: id }', [
    'is the organizations table and also stands under tables',
    'remove it from tables',
  ]),
  after('the organizations table as excluded', `excluded:\n  §organizations: { ${SAME} }`, [
    'also stands under excluded',
    'remove it from excluded',
  ]),
];

const REFERENCES: readonly Mistake[] = [
  organizations('a gate that is no role', 'gate: §app_backnd', [
    'the gate "app_backnd" is not a',
    'mean app_backend?',
  ]),
  organizations('grants to strangers on organizations', 'grants: { §z: [select] }', [
    '"z" is not a role',
    'declare',
  ]),
  after(
    'grants to strangers',
    `tables:\n  a: { via: b, grants: { §app: [select] } }\nexcluded:\n  c: { ${SAME}, grants: { §app_bakend: [select] } }\nviews:\n  v: { grants: { §constructor: [select] } }`,
    ['"app" is not a role', 'declare it under roles, or use one of app_backend'],
    ['"app_bakend" is not a role', 'did you mean app_backend?'],
    ['"constructor" is not a role', 'declare'],
  ),
  roles('assigned organizations that nothing assigns', '  r: { sees: §assigned-organizations }', [
    'r sees assigned organizations, but nothing says who is assigned',
    'add assignments: {',
  ]),
];

const BELONGING: readonly Mistake[] = [
  after('two ways to belong', 'tables:\n  a: { via: b, §organization: c }', [
    'a has via and organization',
    'exactly one of via, organization',
  ]),
  after(
    'three ways to belong',
    'tables:\n  a: { organization: c, §via: b, through: { table: t, column: x } }',
    ['a has organization and via and through', 'exactly one'],
  ),
  after('no way to belong', 'tables:\n  §a: { samples: {} }', [
    'a has none of organization, via, through',
    'exactly one',
  ]),
  after(
    'a way through without column, and with both',
    'tables:\n  a: { §through: { table: t } }\n  b: { through: { table: t, column: x, §columns: [x] } }',
    ['through has none of column, columns', 'exactly one'],
    ['through has column and columns', 'exactly one'],
  ),
  after(
    'a column twice',
    'tables:\n  a: { organization: [b, §b] }\n  c: { through: { table: t, columns: [x, §x] } }',
    ['b stands in the list twice', 'once'],
    ['x stands in the list twice', 'once'],
  ),
];

const EXCEPTIONS: readonly Mistake[] = [
  after(
    'an exception that nobody answers for',
    "excluded:\n  a: { reason: §'', owner: §' ', until: 2027-01-31 }\n  §§§b: {}",
    ['reason is empty', 'write reason: the same for every tenant'],
    ['owner is empty', 'write owner: platform'],
    ['reason is missing', 'add reason'],
    ['owner is missing', 'add owner'],
    ['until is missing', 'add until: 2027-06-30'],
  ),
  after(
    'an acknowledgement that nobody answers for',
    "acknowledged:\n  - rule: TZ101\n    on: x\n    reason: §''\n    owner: §''\n    until: 2027-01-31",
    ['reason is empty', 'write reason'],
    ['owner is empty', 'write owner'],
  ),
  after('a gap without reason', "undecided:\n  a: { because: §'' }", ['because is empty', 'write because']),
  after(
    'exceptions that lapsed',
    'excluded:\n  a: { reason: r, owner: platform, until: §2026-06-30 }\nacknowledged:\n  - { rule: TZ101, on: x, reason: r, owner: security, until: §2020-01-01 }',
    ['the exception for a lapsed: it held until 2026-06-30, and today is 2026-07-01', 'have platform decide'],
    ['the exception for TZ101 lapsed', 'have security decide'],
  ),
  after(
    'days that do not exist',
    ['§2027-02-30', '!!timestamp §2027-02-30', '§soon', '§2027-6-1', '§2027'].reduce(
      (text, day, index) => `${text}\n  t${index}: { reason: r, owner: o, until: ${day} }`,
      'excluded:',
    ),
    ['"2027-02-30" is not a date', 'YYYY-MM-DD'],
    ['"2027-02-30" is not a date', 'YYYY-MM-DD'],
    ['"soon" is not a date', 'YYYY-MM-DD'],
    ['"2027-6-1" is not a date', 'YYYY-MM-DD'],
    ['until must be text', "'2027'"],
  ),
];

/** A registry with an approval path, whose roles and section are given. */
const approving = (title: string, section: string, expected: Mistake['expected'], gate = ', gate: g') =>
  whole(
    title,
    `organizations: { table: o, id: id, sensitive: managed${gate} }
roles: { a: { sees: nothing }, g: { sees: nothing }, s: { sees: non-sensitive } }
${section}`,
    ...expected,
  );

const APPROVALS: readonly Mistake[] = [
  approving(
    'approvals without a gate',
    '§approvals: { auditor: a }',
    [['approvals needs organizations.gate', 'gate: sensitive_gate']],
    '',
  ),
  approving('an auditor who is nobody', 'approvals: { auditor: §audit }', [
    ['the auditor "audit" is not a role of this registry', 'declare it under roles'],
  ]),
  approving('an auditor who sees rows', 'approvals: { auditor: §s }', [
    ['the auditor s sees non-sensitive', 'sees: nothing'],
  ]),
  approving('an auditor who approves', 'approvals: { auditor: §g }', [
    ['the auditor g is the gate too', 'a role of its own'],
  ]),
  approving('a default that may not be asked for', 'approvals: { auditor: a, §default_minutes: 300 }', [
    ['default_minutes (300) is more than max_minutes (240)', 'may be asked for'],
  ]),
  approving('a limit below the default that is left out', '§approvals: { auditor: a, max_minutes: 20 }', [
    ['default_minutes (30) is more than max_minutes (20)', 'may be asked for'],
  ]),
];

export const CONTENT: readonly Mistake[] = [
  ...NAMES,
  ...DUPLICATES,
  ...REFERENCES,
  ...BELONGING,
  ...EXCEPTIONS,
  ...APPROVALS,
];
