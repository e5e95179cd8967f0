/** Transactions over connections that are kept for them. Nobody calls for three minutes: rolled back, and unknown from then on. */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { DataApiFault } from './faults';

interface Open {
  readonly client: Client;
  /** Of whoever began it: a transaction is theirs. */
  readonly owner: string;
  timer: NodeJS.Timeout;
  /** Calls of one transaction run one after the other. */
  last: Promise<unknown>;
}

export class Transactions {
  private readonly open = new Map<string, Open>();
  constructor(private readonly idleMs: number) {}

  async begin(client: Client, owner: string): Promise<string> {
    await client.query('begin');
    const id = randomUUID();
    const timer = this.expiry(id);
    this.open.set(id, { client, owner, timer, last: Promise.resolve() });
    return id;
  }

  /**
   * An error ends the transaction, as it does there.
   * @throws DataApiFault `TransactionNotFoundException`
   */
  async within<T>(id: string, owner: string, use: (client: Client) => Promise<T>): Promise<T> {
    const found = this.find(id, owner);
    clearTimeout(found.timer);
    const run = found.last.then(() => {
      this.find(id, owner);
      return use(found.client);
    });
    found.last = run.catch(() => undefined);
    try {
      return await run;
    } catch (error) {
      await this.drop(id);
      throw error;
    } finally {
      clearTimeout(found.timer);
      if (this.open.has(id)) found.timer = this.expiry(id);
    }
  }

  /** @throws DataApiFault `TransactionNotFoundException` */
  async end(id: string, owner: string, how: 'commit' | 'rollback'): Promise<void> {
    await this.within(id, owner, (client) => client.query(how));
    await this.drop(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.keys()].map((id) => this.drop(id)));
  }

  private find(id: string, owner: string): Open {
    const found = this.open.get(id);
    if (found?.owner === owner) return found;
    throw new DataApiFault('TransactionNotFoundException', `Transaction ${id} is not found`);
  }

  private expiry(id: string): NodeJS.Timeout {
    return setTimeout(() => void this.drop(id), this.idleMs).unref();
  }

  private async drop(id: string): Promise<void> {
    const found = this.open.get(id);
    this.open.delete(id);
    clearTimeout(found?.timer);
    // The server rolls back what a connection leaves open.
    await found?.client.end().catch(() => undefined);
  }
}
