/** Sessions of the support shell as a person has them: with a ticket that they redeemed. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { BenchServer } from './server';

/** For registries whose support role needs tickets: the roles that hand them out, and read what came of it. */
export const APPROVALS = {
  gate: 'gate: sensitive_gate',
  section: 'approvals: { auditor: auditor }',
  roles: `  sensitive_gate: { sees: nothing, verbs: [], login: true }
  auditor: { sees: nothing, verbs: [], login: true }`,
} as const;

/** Reads, as the login does by default in production. */
export async function connectShell(server: BenchServer, database: string, person: string): Promise<Client> {
  const ticket = randomBytes(32).toString('base64url');
  const gate = await server.connect(database, 'sensitive_gate');
  await gate.query('SELECT guard.issue_ticket($1, $2)', [
    { person, login: `${person}@example.com`, persona: 'ProdEngineer' },
    {
      id: randomUUID(),
      hash: createHash('sha256').update(ticket).digest('hex'),
      service: 'support-shell',
      reason: 'measuring what a session costs',
      ticket: 'BENCH-1',
      write: false,
    },
  ]);
  await server.disconnect(gate);
  const client = await server.connect(database, 'support_shell');
  await client.query('BEGIN READ WRITE');
  await client.query('SELECT guard.redeem($1)', [ticket]);
  await client.query('COMMIT');
  await client.query('SET default_transaction_read_only = on');
  return client;
}
