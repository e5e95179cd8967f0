/** A cluster of its own with TLS, which believes any password of `app_backend`: RDS, not PostgreSQL, checks tokens. */
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '../../support/database';
import { type OwnCluster, startOwnCluster } from '../../support/own-cluster';
import { type Authority, makeAuthority } from '../lambda/authority';

const RULES = `hostssl all app_backend all trust\nhost all all 127.0.0.1/32 scram-sha-256\n`;

export class TlsServer {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-tls-'));
  readonly authority: Authority = makeAuthority(this.directory, 'authority');
  private cluster!: OwnCluster;

  /** Of the superuser, without a database. */
  get url(): string {
    return this.cluster.url;
  }

  get port(): string {
    return new URL(this.cluster.url).port;
  }

  async open(): Promise<void> {
    this.cluster = await startOwnCluster();
    await withClient(`${this.url}/postgres`, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      this.place(rows[0]?.data_directory ?? '');
      await client.query('create role app_backend login');
      await client.query('alter system set ssl = on');
      await client.query('select pg_reload_conf()');
    });
  }

  /** The server may run as somebody else than we do, and reads only what is its own. */
  private place(data: string): void {
    const { uid, gid } = statSync(data);
    const { certificate, key } = this.authority.issue('localhost');
    copyFileSync(certificate, path.join(data, 'server.crt'));
    copyFileSync(key, path.join(data, 'server.key'));
    writeFileSync(path.join(data, 'pg_hba.conf'), RULES);
    for (const name of ['server.crt', 'server.key']) {
      chownSync(path.join(data, name), uid, gid);
      chmodSync(path.join(data, name), 0o600);
    }
  }

  async close(): Promise<void> {
    await this.cluster?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
