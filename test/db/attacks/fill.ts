/** One row per organization in every registered table, so that no attack finds nothing only because nothing is there. */
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { createTenantDatabase, ORGANIZATIONS, platformRegistry, type Tenant } from '../../support/tenants';

/** The row of an organization in a table has this id. */
export function idOf(tenant: Tenant, table: number): string {
  return ORGANIZATIONS[tenant].replace('-4000-', `-4${table.toString(16).padStart(3, '0')}-`);
}

/** `createTenantDatabase` makes employees with the middle 4001, and users with 9000 in place of 8000. */
export const ID = {
  employee: 1,
  department: 2,
  payslip: 3,
  survey: 4,
  document: 5,
  room: 6,
  attachment: 7,
} as const;

export const userOf = (tenant: Tenant): string => ORGANIZATIONS[tenant].replace('8000', '9000');

export async function createFilledDatabase(registry = platformRegistry): Promise<PlatformDatabase> {
  const database = await createTenantDatabase(registry);
  await withClient(database.migrator, async (client) => {
    await client.query('set role platform_owner');
    for (const tenant of Object.keys(ORGANIZATIONS) as Tenant[]) {
      const id = (table: keyof typeof ID) => idOf(tenant, ID[table]);
      const o = ORGANIZATIONS[tenant];
      await client.query(`
        insert into public.departments (organization_id, id, name) values ('${o}', '${id('department')}', '${tenant}');
        insert into public.payslips (organization_id, id, employee_id, period, currency, gross)
          values ('${o}', '${id('payslip')}', '${id('employee')}', '2026-11-01', 'EUR', 1);
        insert into public.payslip_lines (organization_id, payslip_id, label, amount)
          values ('${o}', '${id('payslip')}', '${tenant} line', 1);
        insert into public.line_notes (organization_id, payslip_line_id, body)
          select organization_id, id, '${tenant} note' from public.payslip_lines where organization_id = '${o}';
        insert into public.surveys (organization_id, id, title) values ('${o}', '${id('survey')}', '${tenant}');
        insert into public.survey_responses (organization_id, survey_id, employee_id, answers)
          values ('${o}', '${id('survey')}', '${id('employee')}', '{}');
        insert into public.events (organization_id, kind, occurred_at)
          values ('${o}', '${tenant}', '2026-11-15'), ('${o}', '${tenant}', '2020-01-01');
        insert into public.rooms (organization_id, id, name) values ('${o}', '${id('room')}', '${tenant}');
        insert into public.room_bookings (organization_id, room_id, employee_id, during)
          values ('${o}', '${id('room')}', '${id('employee')}', '[2026-11-20,2026-11-21)');
        insert into public.documents (organization_id, id, title)
          values ('${o}', '${id('document')}', '${tenant} letter');
        insert into public.attachments (organization_id, id, file_name, object_key, document_id)
          values ('${o}', '${id('attachment')}', '${tenant}.pdf', '${tenant}', '${id('document')}');
        insert into public.jobs (organization_id, kind) values ('${o}', '${tenant}');`);
    }
  });
  return database;
}

/** Registered tables with the column that says whose a row is, the derived and the shared one aside. */
export const DIRECT: readonly (readonly [table: string, column: string])[] = [
  ['public.organizations', 'id'],
  ...[
    'organization_roles',
    'memberships',
    'departments',
    'employees',
    'payslips',
    'payslip_lines',
    'line_notes',
    'surveys',
    'survey_responses',
    'events',
    'documents',
    'rooms',
    'room_bookings',
    'attachments',
    'jobs',
  ].map((table) => [`public.${table}`, 'organization_id'] as const),
];
