/** How rules are run, and that a database without faults has no findings. */
import type { Rule } from '../../../sql/verifier/rule';
import { rules } from '../../../sql/verifier/rules';
import { runRules } from '../../../sql/verifier/run-rules';
import { parametersFor, protect } from './fixture';
import { findingsOf, type Ground, startGround } from './ground';

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
}, 60_000);
afterAll(() => ground?.stop());

const rule = (sql: string): Rule => ({
  id: 'TZ000',
  name: 'planted',
  severity: 'warning',
  title: 'Planted.',
  sql,
});
const FOUND = `select 'a'::text as key, 'm'::text as message, 'f'::text as fix where $1::jsonb is not null`;

test('a protected database has no findings but the age of its server', async () => {
  const found = await findingsOf(ground.client, rules);
  expect(found.filter((f) => f.rule !== 'TZ143')).toEqual([]);
});

test('the schema that a framework makes has no errors once its tables are registered', async () => {
  const { client } = ground;
  await client.query('begin');
  try {
    await client.query(`
      create role framework login createrole;
      create table public.projects (id text primary key, organization_id uuid not null references public.organizations
        on update cascade on delete restrict, slug varchar(50) unique, parent_id text references public.projects on update cascade on delete set null);
      create table public.tags (id bigserial primary key, organization_id uuid not null references public.organizations on delete cascade, name text);
      create table public.project_tags (id bigserial primary key, project_id text not null references public.projects
        deferrable initially deferred, tag_id bigint not null references public.tags deferrable initially deferred, unique (project_id, tag_id));
      create table public.migrations (id bigserial primary key, name text);
      create function public.touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger touch before update on public.projects for each row execute function public.touch();
      create view public.project_names as select slug from public.projects;
      ${['projects', 'tags'].map((t) => protect(`public.${t}`)).join('\n')}
      ${protect('public.project_tags', 'null::uuid')}
      ${['projects', 'tags', 'project_tags', 'migrations', 'project_names'].map((t) => `alter table public.${t} owner to framework;`).join('\n')}
      grant usage on sequence public.tags_id_seq, public.project_tags_id_seq to app_backend;
      do $$ begin execute format('grant connect, temporary on database %I to public', current_database()); end $$`);
    const found = await findingsOf(client, rules, {
      self: 'framework',
      registered: {
        'public.projects': { kind: 'direct', columns: ['organization_id'] },
        'public.tags': { kind: 'direct', columns: ['organization_id'] },
        'public.project_tags': { kind: 'via', columns: ['project_id'] },
      },
      excluded: ['public.migrations'],
    });
    expect(found.filter((f) => f.severity === 'error')).toEqual([]);
  } finally {
    await client.query('rollback');
  }
});

test('a rule that cannot run is an error, and the rules after it still run', async () => {
  const found = await findingsOf(ground.client, [rule(FOUND.replace("'a'", '(1 / 0)::text')), rule(FOUND)]);
  expect(found.map((f) => [f.severity, f.key, f.message])).toEqual([
    ['error', 'TZ000', expect.stringMatching(/^rule TZ000 could not run: 22012 /)],
    ['warning', 'a', 'm'],
  ]);
});

test('a row without a key is a defect, not a finding that is lost', async () => {
  await expect(findingsOf(ground.client, [rule(FOUND.replace("'a'", 'null'))])).rejects.toThrow(/no key/);
  await expect(
    findingsOf(ground.client, [rule(FOUND.replace(' where', `, 'bad' as severity where`))]),
  ).rejects.toThrow(/severity "bad"/);
});

test('rules cannot write, and product functions cannot stand in for system ones', async () => {
  const found = await findingsOf(ground.client, [
    rule(`${FOUND} and nextval('public.none') > 0`),
    rule(
      `with w as (insert into public.currencies select 'x' where $1::jsonb is not null returning 1) ${FOUND}`,
    ),
    rule(FOUND.replace(`'m'::text`, `current_setting('search_path')`)),
  ]);
  expect(found.map((f) => f.message)).toEqual([
    expect.stringContaining('could not run: 42P01'),
    expect.stringContaining('could not run: 25006'),
    'pg_catalog',
  ]);
});

test('a transaction of the caller is left as it was', async () => {
  const { client } = ground;
  const parameters = await parametersFor(client);
  expect(client.getTransactionStatus()).toBe('I');
  await runRules(client, parameters, [rule('broken')]);
  expect(client.getTransactionStatus()).toBe('I');
  await client.query('begin');
  try {
    await client.query('create table public.of_the_caller ()');
    await runRules(client, parameters, [rule('broken')]);
    const { rows } = await client.query(
      `select to_regclass('public.of_the_caller') is not null as there, current_setting('transaction_read_only') as read_only`,
    );
    expect(rows).toEqual([{ there: true, read_only: 'off' }]);
  } finally {
    await client.query('rollback');
  }
});
