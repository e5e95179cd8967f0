import { renderApply } from '../../../sql/cli/render/apply';
import { type PlanView, renderPlan } from '../../../sql/cli/render/plan';
import { change } from './given';

const view = (given: Partial<PlanView> = {}): PlanView => ({
  changes: [],
  impact: [],
  leftAlone: [],
  bound: { database: 'shop', registry: { file: 'registry.yaml', hash: 'abc' } },
  ...given,
});

const full = view({
  changes: [
    change(),
    change({
      action: 'change',
      kind: 'grant',
      name: 'grants to app',
      before: 'SELECT',
      after: 'INSERT, SELECT',
    }),
    change({
      unit: 'roles',
      action: 'remove',
      kind: 'membership',
      name: 'app in admins',
      before: 'member of admins',
      after: undefined,
      sql: [],
      note: 'REVOKE admins FROM app',
    }),
  ],
  impact: [
    {
      role: 'app',
      effect: 'loses',
      relations: ['public.x'],
      sentence: 'role app loses its grants on public.x',
    },
  ],
  leftAlone: [{ relation: 'public.rooms', policies: ['theirs'] }],
});

test('text groups by unit, then says who gains and loses, then what is left alone', () => {
  expect(renderPlan(full, 'text')).toBe(
    [
      'public.employees',
      '  + policy tenant_zero_owner: PERMISSIVE FOR ALL TO owner',
      '  ~ grant grants to app: SELECT -> INSERT, SELECT',
      '',
      'roles',
      '  - membership app in admins: member of admins',
      '      ! not done by apply: REVOKE admins FROM app',
      '',
      'Who gains and who loses',
      '  role app loses its grants on public.x',
      '',
      'Left alone: policies of others',
      '  public.rooms: theirs',
      '',
      '3 changes in 2 units: rls apply. 1 is for somebody else, marked with "!".',
    ].join('\n'),
  );
});

test('nothing to do is one line', () => {
  expect(renderPlan(view(), 'text')).toBe('Nothing to do: the database is what the registry says.');
});

test('a function body is clipped to one line', () => {
  const text = renderPlan(view({ changes: [change({ after: 'BEGIN\n'.repeat(100) })] }), 'text');
  expect(text.split('\n')[1]?.length).toBeLessThanOrEqual(112);
});

test('json has every key of every change', () => {
  const value = JSON.parse(renderPlan(full, 'json'));
  expect(Object.keys(value.changes[0])).toEqual([
    'unit',
    'kind',
    'action',
    'name',
    'before',
    'after',
    'note',
    'as',
    'sql',
  ]);
  expect(value.changes[0].before).toBeNull();
});

test('markdown answers the reviewer first and folds the changes away', () => {
  const text = renderPlan(full, 'markdown');
  expect(text.indexOf('Who gains')).toBeLessThan(text.indexOf('<details>'));
  expect(text).toContain('| `roles` | − | membership `app in admins` | `member of admins` |  |');
});

test('apply says what was done and what remains', () => {
  const report = { applied: [change()], remaining: full.changes.slice(2), registryHash: 'abc' };
  expect(renderApply(report, 'text')).toContain('Applied 1 change in 1 unit. 1 change remains.');
  expect(JSON.parse(renderApply(report, 'json'))).toMatchObject({ complete: false, registryHash: 'abc' });
});
