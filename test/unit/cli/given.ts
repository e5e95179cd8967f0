/** Made-up findings, changes and plans. */
import type { Change } from '../../../sql/planner/change';
import type { Finding } from '../../../sql/verifier/types';

export function finding(given: Partial<Finding> = {}): Finding {
  return {
    rule: 'TZ105',
    name: 'unregistered-relation',
    severity: 'error',
    key: 'public.legacy',
    message: 'table public.legacy is in no list of the registry',
    fix: 'enter it under tables:',
    ...given,
  };
}

export function change(given: Partial<Change> = {}): Change {
  return {
    unit: 'public.employees',
    kind: 'policy',
    action: 'add',
    name: 'tenant_zero_owner',
    before: undefined,
    after: 'PERMISSIVE FOR ALL TO owner',
    sql: ['CREATE POLICY ...'],
    as: 'owner',
    note: undefined,
    ...given,
  };
}

export const borne = { reason: 'until the move', owner: 'platform', until: '2027-01-31' };

export const place = () => ({ file: 'sql/registry.yaml', line: 7 });
