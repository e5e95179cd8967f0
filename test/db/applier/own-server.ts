/** A server of a test's own: to be alone on it, or because roles belong to all databases of one. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class OwnServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private port?: number,
  ) {}

  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await mkdtemp(path.join(tmpdir(), 'tenant-zero-server-')));
    await server.begin();
    return server;
  }

  get dataDir(): string {
    return path.join(this.directory, 'data');
  }

  /** Like `clusterUrl()` of the shared one. */
  get url(): string {
    return `postgres://postgres:test@127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    this.child = fork(path.join(__dirname, '../lambda/server.ts'), { execArgv: ['--import', 'tsx'] });
    this.child.send({ dataDir: this.dataDir, ...(this.port !== undefined && { port: this.port }) });
    const [{ port }] = (await once(this.child, 'message')) as [{ port: number }];
    this.port = port;
  }

  async end(): Promise<void> {
    const { child } = this;
    if (!child) return;
    child.send('stop');
    await once(child, 'exit');
    this.child = undefined;
  }

  async throwAway(): Promise<void> {
    await this.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}
