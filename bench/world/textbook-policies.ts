/** What is usually recommended, one login per policy on the same table: a role meets only the policies made for it. */
import type { Client } from 'pg';
import { PLAIN_OWNER } from './items';
import type { BenchServer } from './server';

export interface TextbookPolicy {
  readonly login: string;
  /** For the report. */
  readonly text: string;
  readonly using: string;
  /** Sees one organization, named by the setting `app.organization`; otherwise all that are not sensitive. */
  readonly oneOrganization: boolean;
}

const SETTING = `current_setting('app.organization')::uuid`;

export const TEXTBOOK = {
  in: {
    login: 'textbook_in',
    text: 'IN (SELECT id ... WHERE NOT is_sensitive)',
    using: 'organization_id IN (SELECT id FROM textbook.organizations WHERE NOT is_sensitive)',
    oneOrganization: false,
  },
  perRow: {
    login: 'textbook_per_row',
    text: 'org_is_not_sensitive(organization_id)',
    using: 'textbook.org_is_not_sensitive(organization_id)',
    oneOrganization: false,
  },
  setting: {
    login: 'textbook_setting',
    text: '(SELECT current_setting(...))',
    using: `organization_id = (SELECT ${SETTING})`,
    oneOrganization: true,
  },
  bareSetting: {
    login: 'textbook_bare_setting',
    text: 'current_setting(...), not wrapped',
    using: `organization_id = ${SETTING}`,
    oneOrganization: true,
  },
} as const satisfies Record<string, TextbookPolicy>;

export async function addTextbookPolicies(
  server: BenchServer,
  admin: Client,
  database: string,
): Promise<void> {
  await admin.query(`
    CREATE FUNCTION textbook.org_is_not_sensitive(organization uuid) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog, pg_temp
      AS $$ SELECT NOT o.is_sensitive FROM textbook.organizations o WHERE o.id = organization $$;
    ALTER FUNCTION textbook.org_is_not_sensitive(uuid) OWNER TO ${PLAIN_OWNER};
    GRANT EXECUTE ON FUNCTION textbook.org_is_not_sensitive(uuid) TO PUBLIC;
    ALTER TABLE textbook.items ENABLE ROW LEVEL SECURITY;
  `);
  for (const { login, using } of Object.values<TextbookPolicy>(TEXTBOOK)) {
    await server.admit(database, login);
    await admin.query(`
      GRANT USAGE ON SCHEMA textbook TO ${login};
      GRANT SELECT ON textbook.items, textbook.organizations TO ${login};
      CREATE POLICY ${login} ON textbook.items TO ${login} USING (${using});
    `);
  }
}
