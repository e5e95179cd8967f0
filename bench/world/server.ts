/** The throw-away server of one run: databases, logins and connections on it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { bootstrap } from '../../sql/db/bootstrap';
import { startLocalServer } from '../../sql/db/local-server';
import { ident } from '../../sql/db/names';

const PASSWORD = 'bench';

/**
 * As a small server in production would have them; autovacuum off, because it would run in one side's turn. The
 * tables are vacuumed and analysed when they are filled.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  shared_buffers: '1GB',
  maintenance_work_mem: '256MB',
  max_wal_size: '8GB',
  autovacuum: 'off',
  // CREATE TABLE for 5,000 tables in one transaction, and ACCESS SHARE on all of them.
  max_locks_per_transaction: '1024',
};

export class BenchServer {
  private readonly open = new Set<Client>();

  private constructor(
    private readonly directory: string,
    private readonly server: { port: number; stop(): Promise<void> },
  ) {}

  static async start(): Promise<BenchServer> {
    const directory = await mkdtemp(path.join(tmpdir(), 'tenant-zero-bench-'));
    const options = { dataDir: path.join(directory, 'data'), password: PASSWORD, throwAway: true };
    const first = new BenchServer(directory, await startLocalServer(options));
    const client = await first.connect('postgres', 'postgres');
    for (const [name, value] of Object.entries(SETTINGS))
      await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await first.disconnectAll();
    // Shared memory is laid out when the server starts.
    await first.server.stop();
    return new BenchServer(directory, await startLocalServer(options));
  }

  /** An empty, bootstrapped database. Its name is its purpose. */
  async createDatabase(name: string): Promise<void> {
    const admin = await this.connect('postgres', 'postgres');
    await admin.query(`CREATE DATABASE ${ident(name)} TEMPLATE template0 ENCODING 'UTF8'`);
    await this.disconnect(admin);
    const client = await this.connect(name, 'postgres');
    await bootstrap(client, { database: name, passwords: { registry_applier: PASSWORD } });
    await this.disconnect(client);
  }

  /** Makes `login` one that can connect to this database, whoever created it. */
  async admit(database: string, login: string): Promise<void> {
    const client = await this.connect(database, 'postgres');
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${ident(login)} NOINHERIT`);
    await client.query(
      `ALTER ROLE ${ident(login)} LOGIN PASSWORD '${PASSWORD}'; GRANT CONNECT ON DATABASE ${ident(database)} TO ${ident(login)}`,
    );
    await this.disconnect(client);
  }

  async connect(database: string, user: string): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: this.server.port,
      user,
      password: PASSWORD,
      database,
    });
    client.on('error', () => undefined);
    await client.connect();
    this.open.add(client);
    return client;
  }

  async disconnect(client: Client): Promise<void> {
    this.open.delete(client);
    await client.end();
  }

  async stop(): Promise<void> {
    await this.disconnectAll();
    await this.server.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async disconnectAll(): Promise<void> {
    await Promise.all([...this.open].map((client) => this.disconnect(client).catch(() => undefined)));
  }
}
