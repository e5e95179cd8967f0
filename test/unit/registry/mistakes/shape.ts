/** Broken YAML, unknown and missing keys, wrong kinds of value. */
import { after, type Mistake, organizations, roles, whole } from './mistake';

const SAME = 'reason: r, owner: o, until: 2027-01-31';

const YAML: readonly Mistake[] = [
  whole('an empty file', '§', ['the registry is empty', 'declare organizations']),
  whole('comments only', '§# x\n', ['the registry is empty', 'declare']),
  whole('a list', '§- a\n', ['must be a map, not a list', 'organizations, roles and tables']),
  after('a quoted name that YAML ends early', 'tables:\n  "Core"§."Workspace": { via: a }', [
    'Unexpected scalar',
    `'"Core"."Workspace"'`,
  ]),
  after(
    'an open bracket',
    'tables:\n  public.a: { via: [x §}§\nfail_on: x',
    ['must', 'close the'],
    ['must', 'close the'],
  ),
  after('a tab', 'tables:\n§\tpublic.a: { via: x }', ['Tabs', 'spaces']),
  after(
    'a bad escape, and what stands behind it',
    'owner: "§\\q"\n§ownr: a',
    ['\\q', 'single quotes'],
    ['"ownr"', 'did'],
  ),
  after('an unknown tag', 'owner: §!role x', ['!role', 'remove the tag']),
  after('a second document', '§---\nowner: x', ['second document', 'remove the ---']),
  after('an alias of nothing', 'owner: §*a', ['*a stands for nothing', 'write the value out']),
  after('an alias of what it stands in', 'tables: &t\n  a: §*t', [
    '*t contains itself',
    'write the value out',
  ]),
  after('an escaped NUL', 'owner: §"a\\0b"', ['NUL', 'remove']),
  whole(
    'an escaped NUL in the name of a table',
    'organizations: { table: §"a\\0b", id: id, sensitive: x }\nroles: { a: { sees: nothing } }',
    ['NUL', 'remove'],
  ),
  after('a list as key', '? §[a]\n: b', ['not a name', 'write a name']),
  after('a key that JavaScript would swallow', '§__proto__: x', [
    '"__proto__" is not a name',
    'write a name',
  ]),
];

const KEYS: readonly Mistake[] = [
  after('an unknown key', '§colour: red', [
    'unknown key "colour"',
    'the keys here are organizations, assignments',
  ]),
  after(
    'a misspelled section, and the mistakes inside',
    '§tabels:\n  public.a: { §organisation: x, §via: y }',
    ['unknown key "tabels"', 'did you mean tables?'],
    ['unknown key "organisation"', 'did you mean organization?'],
    ['public.a has organization and via', 'exactly one'],
  ),
  whole(
    'a misspelled required key, once',
    'organizations: { table: o, id: id, §sensitve: x }\nroles: { a: { sees: nothing } }',
    ['unknown key "sensitve"', 'did you mean sensitive?'],
  ),
  whole(
    'missing keys',
    '§§organizations: { table: o }\nroles: { a: { sees: nothing } }',
    ['id is missing', 'add id: id'],
    ['sensitive is missing', 'add sensitive: is_sensitive'],
  ),
  whole(
    'missing sections',
    '§§owner: x\n',
    ['organizations is missing', 'add organizations: { table'],
    ['roles is missing', 'add roles: {'],
  ),
  organizations('an unknown key within alternatives', 'own: { §di: x }', [
    'unknown key "di"',
    'did you mean id?',
  ]),
  after(
    'an unknown key in a list',
    'acknowledged:\n  - { rule: TZ101, on: x, §reson: y, owner: z, until: 2027-01-31 }',
    ['unknown key "reson"', 'did you mean reason?'],
  ),
  after('a key given twice', 'owner: a\n§owner: b', ['"owner" is given twice; first in line 4', 'keep one']),
  after('a table given twice', 'tables:\n  a: { via: x }\n  §"a": { via: y }', [
    '"a" is given twice; first in line 5',
    'keep one',
  ]),
  after(
    'a section given twice, and the mistake in the second',
    'tables:\n  a: { via: x }\n§tables:\n  §b: {}',
    ['"tables" is given twice; first in line 4', 'keep one'],
    ['b has none of', 'exactly one'],
  ),
];

const KINDS: readonly Mistake[] = [
  after('a number for a name', 'owner: §007', [
    'owner must be text, not the number 007',
    "put it in quotes: '007'",
  ]),
  organizations('a number for a key', 'own: { id: §9007199254740993 }', [
    'id must be text',
    "'9007199254740993'",
  ]),
  after('nothing for a table', 'tables:\n  public.a: { via: x }\n  public.b:§', [
    'public.b must be a map, not nothing',
    'organization: organization_id',
  ]),
  after('a number in a list', 'tables:\n  a: { via: [b, §3] }', ['item 2 of via must be text', "'3'"]),
  after('neither text nor list', 'tables:\n  a: { via: §{ b: c } }', [
    'via must be text or a list, not a map',
    'via: employee_id',
  ]),
  after('an empty list of columns', 'tables:\n  a: { organization: §[] }', [
    'organization is an empty list',
    'organization: organization_id',
  ]),
  after('text for a list', 'tables:\n  a: { via: b, grants: { app_backend: §select } }', [
    'must be a list',
    '[select]',
  ]),
  after('a list for a section', 'views: §[a]', ['views must be a map, not a list', 'public.directory']),
  after('text for an acknowledgement', 'acknowledged: [§x]', [
    'item 1 of acknowledged must be a map',
    'rule: TZ121',
  ]),
  after('a bare value as sample', 'tables:\n  a: { via: b, samples: { n: §5 } }', ['n must be text', "'5'"]),
  roles('yes for true', '  r: { sees: everything, login: §yes }', [
    'login must be true or false',
    'login: true',
  ]),
];

const WORDS: readonly Mistake[] = [
  roles(
    'bad verbs',
    '  r: { sees: everything, verbs: [select, §truncate, §updat] }',
    ['"truncate" is not one of select, insert, update, delete', 'one of select'],
    ['"updat" is not one of', 'did you mean update?'],
  ),
  after('a bad verb in grants', 'views:\n  v: { grants: { app_backend: [§SELECT] } }', [
    '"SELECT" is not one of',
    'did you mean select?',
  ]),
  roles('what no role can see', '  r: { sees: §current-organisation }', [
    'is not one of',
    'did you mean current-organization?',
  ]),
  after('an unknown operator', 'tables:\n  a: { via: b, search: [{ column: c, operator: §like }] }', [
    '"like" is not one of ilike, @@, @>, lower=',
    'did you mean ilike?',
  ]),
  after('a severity that does not exist', 'fail_on: §info', [
    '"info" is not one of error, warning',
    'one of error',
  ]),
  after('a rule without number', `acknowledged:\n  - { rule: §TZ1, on: x, ${SAME} }`, [
    '"TZ1" is not a rule',
    'rule: TZ121',
  ]),
  after('an acknowledgement of nothing', `acknowledged:\n  - { rule: TZ101, on: §[], ${SAME} }`, [
    'on is an empty list',
    'on: [ public.* ]',
  ]),
];

export const SHAPE: readonly Mistake[] = [...YAML, ...KEYS, ...KINDS, ...WORDS];
