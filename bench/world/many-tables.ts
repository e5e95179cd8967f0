/** A database of thousands of tables, for the applier. */
import type { Client } from 'pg';
import type { Registry } from '../../sql/registry';
import { registryOf } from './engine';
import type { BenchServer } from './server';

/** Tables per transaction: each one holds locks until its end. */
const BATCH = 500;

export class ManyTables {
  private count = 0;

  private constructor(
    readonly database: string,
    private readonly admin: Client,
  ) {}

  static async create(server: BenchServer, database: string): Promise<ManyTables> {
    await server.createDatabase(database);
    const admin = await server.connect(database, 'postgres');
    await admin.query(`
      CREATE SCHEMA app AUTHORIZATION platform_owner;
      CREATE TABLE app.organizations (id uuid PRIMARY KEY, name text NOT NULL, is_sensitive boolean NOT NULL);
      ALTER TABLE app.organizations OWNER TO platform_owner`);
    return new ManyTables(database, admin);
  }

  /** More tables of the same kind, until there are so many. */
  async growTo(count: number): Promise<void> {
    while (this.count < count) {
      const next = Math.min(count, this.count + BATCH);
      const tables = Array.from({ length: next - this.count }, (_, i) => this.count + i);
      await this.admin.query(
        tables
          .map(
            (
              i,
            ) => `CREATE TABLE app.t${i} (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES app.organizations, title text NOT NULL);
              CREATE INDEX ON app.t${i} (organization_id, id); ALTER TABLE app.t${i} OWNER TO platform_owner;`,
          )
          .join('\n'),
      );
      this.count = next;
    }
  }

  /** All of them registered. */
  registry(): Registry {
    return registryOf(`
organizations: { table: app.organizations, id: id, sensitive: is_sensitive }
owner: platform_owner
appliers: [registry_applier]
roles:
  app_backend: { sees: current-organization, login: true }
  support_shell: { sees: non-sensitive, login: true }
tables:
${this.names.map((name) => `  ${name}: { organization: organization_id }`).join('\n')}
`);
  }

  get names(): string[] {
    return Array.from({ length: this.count }, (_, i) => `app.t${i}`);
  }
}
