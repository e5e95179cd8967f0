/** The approval path in the database: its tables and functions. */
import type { BoundRegistry } from '../../bound';
import type { DesiredFunction, DesiredTableOfOurs } from '../../desired';
import { approverFunctions } from './approvers';
import { auditFunctions } from './audit';
import { callFunctions } from './calls';
import { checkFunctions } from './checks';
import { codeFunctions } from './codes';
import { effectFunctions } from './effects';
import { inputFunctions } from './input';
import { ledgerFunctions } from './ledger';
import { organizationFunctions } from './organization';
import { probeFunctions } from './probe';
import { requestFunctions } from './requests';
import { revokeFunctions } from './revoke';
import { shellFunctions, shellTables } from './shells';
import { codeTables } from './tables-codes';
import { requestTables } from './tables-requests';
import { viewFunctions } from './views';

export function approvalTables(_keyType: string): DesiredTableOfOurs[] {
  return [...requestTables(), ...codeTables(), ...shellTables()];
}

/** Nothing without a gate: the registry's checks say so before. */
export function approvalFunctions(bound: BoundRegistry): DesiredFunction[] {
  const { approvals, organizations } = bound.registry;
  const gate = organizations.gate;
  if (!approvals || gate === undefined) return [];
  return [
    ...inputFunctions(),
    ...ledgerFunctions(gate, approvals.auditor),
    ...organizationFunctions(bound, gate),
    ...viewFunctions(bound, gate),
    ...requestFunctions(bound, gate),
    ...checkFunctions(),
    ...effectFunctions(bound),
    ...codeFunctions(gate),
    ...approverFunctions(gate),
    ...revokeFunctions(bound, gate),
    ...probeFunctions(bound, gate),
    ...auditFunctions(bound, approvals.auditor),
    ...callFunctions(gate),
    ...shellFunctions(bound),
  ];
}
