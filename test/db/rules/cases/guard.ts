import type { RuleCase } from '../case';

export const guard: readonly RuleCase[] = [
  {
    rule: 'TZ160',
    fault: 'a guard table that a registry role may read',
    plant: 'grant select on guard.hidden to support_shell',
    key: 'guard.hidden to support_shell',
  },
  {
    rule: 'TZ160',
    fault: 'a guard schema in which the owner of tables may create',
    plant: 'grant create on schema guard to platform_owner',
    key: 'guard to platform_owner',
  },
  {
    rule: 'TZ161',
    fault: 'a guard function for everybody',
    plant: 'grant execute on function guard.hidden_organizations() to public',
    key: 'guard.hidden_organizations() to PUBLIC',
  },
  {
    rule: 'TZ161',
    fault: 'a registry role that may set signing keys',
    plant: 'grant execute on function vault.set_signing_key(text, bytea) to app_backend',
    key: 'vault.set_signing_key(text, bytea) to app_backend',
  },
  {
    rule: 'TZ162',
    fault: 'a guard function of somebody else',
    plant:
      'grant create on schema guard to reporting; alter function guard.hidden_organizations() owner to reporting',
    key: 'ROUTINE guard.hidden_organizations()',
  },
  {
    rule: 'TZ162',
    fault: 'a guard schema of somebody else',
    plant: 'alter schema vault owner to reporting',
    key: 'SCHEMA vault',
  },
  {
    rule: 'TZ163',
    fault: 'a helper that makes every plan serial',
    plant: 'alter function guard.hidden_organizations() parallel unsafe',
    key: 'guard.hidden_organizations()',
  },
  {
    rule: 'TZ164',
    fault: 'row security on the list of hidden organizations',
    plant: 'alter table guard.hidden enable row level security',
    key: 'guard.hidden',
  },
];
