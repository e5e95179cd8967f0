/** What every demo organization has: some rows in each of its tables, parents first. Run with its tenant's token. */

interface Rows {
  readonly sql: string;
  /** What `$1`, `$2` stand for. */
  readonly takes: readonly ('organization' | 'members' | 'employees')[];
}

const one = (sql: string): Rows => ({ sql, takes: ['organization'] });

export const ROWS: readonly Rows[] = [
  {
    sql: `with role as (
        insert into public.organization_roles (organization_id, name, permissions)
        values ($1, 'Member', '{"read": true}') returning id
      )
      insert into public.memberships (organization_id, user_id, role_id)
      select $1, person, role.id from role, unnest($2::uuid[]) person`,
    takes: ['organization', 'members'],
  },
  one(
    `insert into public.departments (organization_id, name) select $1, unnest(array['People', 'Operations', 'Sales'])`,
  ),
  {
    sql: `insert into public.employees (organization_id, name, email, department_id, hired_on)
      select $1, 'Employee ' || n, 'employee' || n || '@example.com',
        (select d.id from public.departments d where d.organization_id = $1 order by d.name offset n % 3 limit 1),
        date '2024-01-01' + n * 20
      from generate_series(1, $2::int) n`,
    takes: ['organization', 'employees'],
  },
  one(`insert into public.payslips (organization_id, employee_id, period, currency, gross)
    select $1, e.id, month, 'EUR', 3000 + 10 * length(e.name)
    from public.employees e, unnest(array[date '2026-09-01', date '2026-10-01']) month where e.organization_id = $1`),
  one(`insert into public.payslip_lines (organization_id, payslip_id, label, amount)
    select $1, p.id, line.label, p.gross * line.share
    from public.payslips p, (values ('Salary', 0.9), ('Allowance', 0.1)) line (label, share) where p.organization_id = $1`),
  one(`insert into public.line_notes (organization_id, payslip_line_id, body)
    select $1, l.id, 'One-off' from public.payslip_lines l where l.organization_id = $1 and l.label = 'Allowance'`),
  one(`insert into public.legacy_notes (employee_id, body)
    select e.id, 'From the old system' from public.employees e where e.organization_id = $1`),
  one(`insert into public.surveys (organization_id, title) values ($1, 'How are you?')`),
  one(`insert into public.survey_responses (organization_id, survey_id, employee_id, answers)
    select $1, s.id, e.id, '{"mood": "good"}'
    from public.surveys s join public.employees e using (organization_id) where s.organization_id = $1`),
  one(`insert into public.events (organization_id, occurred_at, kind)
    select $1, timestamptz '2026-11-01 08:00+00' + n * interval '1 day', 'login' from generate_series(0, 39) n`),
  one(`insert into public.documents (organization_id, title, body, attributes)
    select $1, 'Handbook ' || n, 'How we work, part ' || n, jsonb_build_object('part', n) from generate_series(1, 4) n`),
  one(`insert into public.rooms (organization_id, name) select $1, unnest(array['Garden', 'Attic'])`),
  one(`insert into public.room_bookings (organization_id, room_id, employee_id, during)
    select $1, r.id, (select e.id from public.employees e where e.organization_id = $1 order by e.name limit 1),
      tstzrange('2026-11-20 09:00+00', '2026-11-20 10:00+00')
    from public.rooms r where r.organization_id = $1`),
  one(`insert into public.attachments (organization_id, file_name, object_key, document_id)
    select $1, 'scan.pdf', 'files/' || d.id, d.id from public.documents d where d.organization_id = $1`),
  one(`insert into public.jobs (organization_id, kind) values ($1, 'nightly-report'), ($1, 'send-invoices')`),
];
