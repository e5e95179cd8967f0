/** Who is measured: every role, with the tokens that it would carry. */
import { type SigningKeys, signToken, type TokenKind } from '../db/tenant';
import type { Observer } from './measure';
import { STAFF, TENANTS, type TenantClass } from './tenants';

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
  const support = { url: url('support_shell'), token: token('support', { person }) };
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
    { name: 'support_shell', ...support },
    { name: 'support_shell, read-write', ...support, readWrite: true },
    { name: 'break_glass', url: url('break_glass') },
    { name: 'sensitive_gate', url: url('sensitive_gate') },
    { name: 'auditor', url: url('auditor') },
    { name: 'platform_owner', url: url('registry_applier'), role: 'platform_owner' },
  ];
}
