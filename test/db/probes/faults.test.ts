import { findings, runProbes } from '../../../sql/verifier/probes';
import { product, REGISTRY, ROLES } from './product';

jest.setTimeout(60_000);

/** `rule key` of every finding, sorted. */
function probe(fault: string, yaml?: string): Promise<string[]> {
  return product(
    fault,
    async (client, bound) => {
      const found = findings(await runProbes(client, bound, { lockTimeoutMs: 300 }));
      return found.map(({ rule, key }) => `${rule} ${key}`).sort();
    },
    yaml,
  );
}

const on = (table: string, role: string, clauses: string) => `
  alter policy tenant_zero_permit_${role} on ${table} ${clauses};
  alter policy tenant_zero_restrict_${role} on ${table} ${clauses};`;

test('what the engine applied is proved, for every table, role and verb', async () => {
  const report = await product('', (client, bound) => runProbes(client, bound));
  expect(findings(report)).toEqual([]);
  expect(report.counts).toMatchObject({ violated: 0, unproved: 0, tables: 10 });
  // 10 tables, 6 roles, 4 verbs and TRUNCATE, all but INSERT into the `through` table of the five who may not judge it.
  expect(report.counts.proved).toBeGreaterThan(290);
});

interface Fault {
  readonly title: string;
  readonly sql: string;
  readonly found: readonly string[];
  readonly yaml?: string;
}

const faults: Fault[] = [
  {
    title: 'row security is off',
    sql: 'alter table settings disable row level security',
    found: ['none', 'reader', 'staff', 'support', 'tenant'].map(
      (role) => `TZ201 public.settings probed_${role}`,
    ),
  },
  {
    title: 'row security of a parent is off, and with it that of the tables that belong through it',
    sql: 'alter table memberships disable row level security',
    // `none` reads memberships, but its own policy on users says false.
    found: [
      `TZ201 public.memberships ${ROLES.none}`,
      ...['memberships', 'users'].flatMap((table) =>
        ['reader', 'staff', 'support', 'tenant'].map((role) => `TZ201 public.${table} probed_${role}`),
      ),
    ],
  },
  {
    title: 'a second permissive policy, held back by the restrictive one',
    sql: `create policy extra on settings to ${ROLES.tenant} using (true)`,
    found: [],
  },
  {
    title: 'a second permissive policy without the restrictive one',
    sql: `create policy extra on settings to ${ROLES.tenant} using (true);
          drop policy tenant_zero_restrict_${ROLES.tenant} on settings`,
    found: [`TZ201 public.settings ${ROLES.tenant}`],
  },
  {
    title: 'a policy for UPDATE alone that shows every row to a statement without a condition',
    sql: `create policy extra on settings for update to ${ROLES.tenant} using (true) with check (true);
          drop policy tenant_zero_restrict_${ROLES.tenant} on settings`,
    found: [`TZ201 public.settings ${ROLES.tenant}`],
  },
  {
    title: 'WITH CHECK lets everything in',
    sql: on('payslips', ROLES.tenant, 'with check (true)'),
    found: [`TZ201 public.payslips ${ROLES.tenant}`],
  },
  {
    title: 'one of two organization columns is forgotten',
    sql: on(
      'partnerships',
      ROLES.support,
      'using (from_organization_id <> all ((select guard.hidden_organizations())::uuid[]))',
    ),
    found: [`TZ201 public.partnerships ${ROLES.support}`],
  },
  {
    title: 'OR true',
    sql: on(
      'employees',
      ROLES.reader,
      'using (organization_id = (select guard.current_organization()) or true)',
    ),
    found: ['employees', 'notes'].map((table) => `TZ201 public.${table} ${ROLES.reader}`),
  },
  {
    title: 'the role sees nothing at all',
    sql: on('events', ROLES.tenant, 'using (false) with check (false)'),
    found: [`TZ202 public.events ${ROLES.tenant}`],
  },
  {
    title: 'a grant is missing',
    sql: `revoke select on payslips from ${ROLES.staff}`,
    found: [`TZ202 public.payslips ${ROLES.staff}`],
  },
  {
    title: 'a grant too many',
    sql: `grant delete on notes to ${ROLES.reader}`,
    found: [`TZ201 public.notes ${ROLES.reader}`],
  },
  {
    title: 'a column of a table that the role must not read',
    sql: `grant select (email) on staff to ${ROLES.support}`,
    found: [],
  },
  {
    title: 'no row of the table can exist',
    sql: `alter table events add constraint never check (kind = 'a' and kind = 'b')`,
    found: ['TZ203 public.events'],
  },
  {
    title: 'TRUNCATE is granted and its trigger gone',
    sql: `grant truncate on payslips to ${ROLES.support}; drop trigger tenant_zero_truncate on payslips`,
    found: [`TZ201 public.payslips ${ROLES.support}`],
  },
  {
    title: 'a partition can be read directly',
    sql: `alter table events_2025 disable row level security; alter table events_2026 disable row level security;
          grant select on events_2025, events_2026 to ${ROLES.tenant}`,
    found: [`TZ201 public.events ${ROLES.tenant}`],
  },
  {
    title: 'a view that runs as the owner of the tables, whose policy is not for its readers to call',
    sql: 'alter view employee_list set (security_invoker = false)',
    found: [`TZ202 public.employee_list ${ROLES.tenant}`],
  },
  {
    title: 'a view that runs as somebody whom row security does not hold',
    sql: 'alter view employee_list set (security_invoker = false); alter view employee_list owner to postgres',
    found: [`TZ201 public.employee_list ${ROLES.tenant}`],
  },
  {
    title: 'a table that nobody registered',
    sql: `alter table jobs disable row level security; grant select on jobs to ${ROLES.support}`,
    found: [`TZ201 public.jobs ${ROLES.support}`],
  },
  {
    title: 'an empty table that is excluded, and readable',
    sql: `grant select on currencies to ${ROLES.support}`,
    found: [`TZ201 public.currencies ${ROLES.support}`],
  },
  {
    title: 'a trigger of the product that refuses a verb, switched off for a second look',
    sql: `create function refuse() returns trigger language plpgsql as $$ begin raise 'append-only'; end $$;
          create trigger refuse before delete on notes for each row execute function refuse()`,
    found: [],
  },
  {
    title: 'a rule of the product in front of an open table',
    sql: `create rule swallow as on delete to settings do instead nothing;
          alter table settings disable row level security`,
    found: [
      ...['none', 'reader', 'staff', 'support', 'tenant'].map(
        (role) => `TZ201 public.settings probed_${role}`,
      ),
      ...['all', 'staff', 'support', 'tenant'].map((role) => `TZ202 public.settings probed_${role}`),
    ],
  },
  {
    title: 'a trigger of the product that moves rows to another organization',
    sql: `create function move() returns trigger language plpgsql security definer set search_path = public as
            $$ begin new.organization_id := (select min(id::text)::uuid from organizations); return new; end $$;
          alter function move() owner to platform_owner;
          create trigger move before insert on settings for each row execute function move()`,
    found: [
      'TZ201 public.settings probed_support',
      ...['staff', 'tenant'].map((role) => `TZ202 public.settings probed_${role}`),
      'TZ203 public.settings',
    ],
  },
  {
    title: 'a trigger that makes the one row per organization by itself',
    sql: `create function make_settings() returns trigger language plpgsql security definer as
            $$ begin insert into settings values (new.id, 'free', 7); return null; end $$;
          alter function make_settings() owner to platform_owner;
          create trigger make_settings after insert on organizations for each row execute function make_settings()`,
    found: [],
  },
];

test.each(faults)('$title', async ({ sql, found, yaml }) => {
  expect(await probe(sql, yaml ?? REGISTRY)).toEqual([...found].sort());
});
