/** A connection that breaks at a chosen statement. */
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { Small } from './world';

export type Fault =
  /** The statement never reaches the server, and the connection lives on. */
  | 'throw'
  /** The server process ends before it. */
  | 'before'
  /** The server process ends when it has been run: of a COMMIT the answer is lost, not the effect. */
  | 'after';

export interface Watched {
  readonly client: Client;
  /** The statements so far. */
  readonly seen: string[];
}

/** Calls `on` around every statement. */
export function watch(
  client: Client,
  on: {
    before?: (index: number, sql: string) => Promise<void>;
    after?: (index: number, sql: string) => Promise<void>;
  },
): Watched {
  const seen: string[] = [];
  const query = client.query.bind(client) as (...parameters: unknown[]) => Promise<unknown>;
  const watched = new Proxy(client, {
    get(target, property) {
      if (property !== 'query') return Reflect.get(target, property);
      return async (...parameters: unknown[]) => {
        const sql = String(parameters[0]);
        const index = seen.push(sql) - 1;
        await on.before?.(index, sql);
        const result = await query(...parameters);
        await on.after?.(index, sql);
        return result;
      };
    },
  });
  return { client: watched, seen };
}

/** Breaks at the statement of that number, once. */
export function breakAt(small: Small, client: Client, at: number, fault: Fault): Watched {
  const terminate = () =>
    withClient(small.superuser, async (admin) => {
      const { processID } = client as unknown as { processID: number };
      await admin.query('select pg_terminate_backend($1, 5000)', [processID]);
    });
  return watch(client, {
    async before(index) {
      if (index !== at) return;
      if (fault === 'throw') throw new Error('the wire is cut');
      if (fault === 'before') await terminate();
    },
    async after(index) {
      if (index === at && fault === 'after') await terminate();
    },
  });
}
