/** Who is measured: every role, with the tokens and tickets that it would carry. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { gateOf } from '../approvals/gate';
import { type SigningKeys, signToken, type TokenKind } from '../db/tenant';
import { withClient } from '../db/transaction';
import type { Observer } from './measure';
import { STAFF, TENANTS, type TenantClass } from './tenants';

/** Not one of the staff: what is measured here is nobody's doing in the ledger. */
const MEASURER = { person: 'npm-start', login: 'npm-start@localhost', persona: 'ProdEngineer' } as const;

export function observers(url: (login: string) => string, keys: SigningKeys): Observer[] {
  const token = (kind: TokenKind, subject: { organization?: string; person?: string }) =>
    signToken(keys, { kind, ...subject, expiresInSeconds: 300 });
  const app = (is: TenantClass): Observer => {
    const tenant = TENANTS.find((each) => each.is === is) as (typeof TENANTS)[number];
    return {
      name: `app_backend, token of ${tenant.name}`,
      url: url('app_backend'),
      token: token('tenant', { organization: tenant.id }),
    };
  };
  const [staff] = STAFF;
  const person = staff?.id ?? '';
  const support = url('support_shell');
  const ticket = (write: boolean) => () => issue(url('sensitive_gate'), write);
  return [
    { name: '(superuser: all rows there are)', url: url('postgres') },
    app('ordinary'),
    app('own'),
    { name: 'app_backend, no token', url: url('app_backend') },
    {
      name: `staff_admin, token of ${staff?.name}`,
      url: url('staff_admin'),
      token: token('staff', { person }),
    },
    { name: 'support_shell, no ticket', url: support },
    { name: 'support_shell, ticket', url: support, ticket: ticket(false) },
    { name: 'support_shell, ticket to write', url: support, ticket: ticket(true), readWrite: true },
    { name: 'break_glass', url: url('break_glass') },
    { name: 'sensitive_gate', url: url('sensitive_gate') },
    { name: 'auditor', url: url('auditor') },
    { name: 'platform_owner', url: url('registry_applier'), role: 'platform_owner' },
  ];
}

/** A ticket as the approval function hands it out. */
async function issue(gate: string, write: boolean): Promise<string> {
  const ticket = randomBytes(32).toString('base64url');
  await withClient(gate, (client) =>
    gateOf(client).ticket(MEASURER, {
      id: randomUUID(),
      hash: createHash('sha256').update(ticket).digest('hex'),
      service: 'support-shell',
      reason: 'npm start measures what the role reaches',
      ticket: 'npm-start',
      write,
    }),
  );
  return ticket;
}
