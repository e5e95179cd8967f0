/** Which persona may which operation: the whole of it. Whose records: the caller's own, or everybody's. */
import type { Caller, Operation } from './protocol';

export type Scope = 'own' | 'all';

type Row = Readonly<Record<Caller, Scope | undefined>>;

const askers = (scope: Scope): Row => ({
  ProdEngineer: scope,
  BreakGlassAdmin: scope,
  SensitiveApprover: undefined,
});
const approvers: Row = { ProdEngineer: undefined, BreakGlassAdmin: undefined, SensitiveApprover: 'all' };
const everyone: Row = { ProdEngineer: 'own', BreakGlassAdmin: 'own', SensitiveApprover: 'all' };

export const RIGHTS: Readonly<Record<Operation, Row>> = {
  preview: askers('own'),
  request: askers('own'),
  visibility: askers('own'),
  approve: approvers,
  deny: approvers,
  review: approvers,
  'approver-add': approvers,
  'approver-confirm': approvers,
  'approver-remove': approvers,
  'approver-list': approvers,
  list: everyone,
  show: everyone,
  revoke: everyone,
  shells: everyone,
  'shell-close': everyone,
  // Which service: `SERVICES`.
  ticket: askers('own'),
  'shell-opened': askers('own'),
  'break-glass': { ProdEngineer: undefined, BreakGlassAdmin: 'own', SensitiveApprover: undefined },
};

/** Where whose shells may open. `backend` besides needs broken glass: see `operations/shells.ts`. */
export const SERVICES: Readonly<Record<Caller, readonly ('support-shell' | 'backend')[]>> = {
  ProdEngineer: ['support-shell'],
  BreakGlassAdmin: ['support-shell', 'backend'],
  SensitiveApprover: [],
};

/** Undefined: may not. */
export function scopeOf(persona: Caller, operation: Operation): Scope | undefined {
  return RIGHTS[operation][persona];
}

const COMMANDS: Partial<Readonly<Record<Operation, string>>> = {
  preview: 'request',
  visibility: 'support-shell explain',
  ticket: 'support-shell open',
  'shell-opened': 'support-shell open',
  shells: 'support-shell list',
  'shell-close': 'support-shell close',
  'approver-add': 'approver add',
  'approver-confirm': 'approver confirm',
  'approver-remove': 'approver remove',
  'approver-list': 'approver list',
};

/** What a person has typed to come to the operation. */
export function commandOf(operation: Operation): string {
  return COMMANDS[operation] ?? operation;
}
