/** What each persona may do, and why there is such a persona. Add one: a file here, its line, and its groups in the stages. */
import type { Names } from '../../names';
import type { Persona } from '../../stage';
import type { Row } from '../row';
import { breakGlassAdmin } from './break-glass-admin';
import { prodEngineer } from './prod-engineer';
import { securityAuditor } from './security-auditor';
import { sensitiveApprover } from './sensitive-approver';

export const PERSONAS: Readonly<
  Record<Persona, { readonly why: string; readonly row: (names: Names) => Row }>
> = {
  ProdEngineer: { why: 'Keeps the product running and opens the support shell', row: prodEngineer },
  BreakGlassAdmin: { why: 'Logs in to the database when nobody answers, loudly', row: breakGlassAdmin },
  SensitiveApprover: { why: 'Answers requests for sensitive access', row: sensitiveApprover },
  SecurityAuditor: { why: 'Sees who may do what, and who did it', row: securityAuditor },
};
