/**
 * Who reads and who writes each sensitive secret: the one page that key policy and secret policies are both made of. Names
 * of roles are patterns of `aws:PrincipalArn`: most of the roles are made after the secrets.
 */
import type { Names } from '../names';

export interface Audience {
  /** `GetSecretValue`, and decryption of this secret. */
  readonly readers: readonly string[];
  /** `PutSecretValue` and what rotation needs. Whoever manages the stack manages the secret itself. */
  readonly writers: readonly string[];
}

export interface Audiences {
  readonly breakGlass: Audience;
  readonly auditor: Audience;
  readonly tokenKeys: Audience;
  readonly sessionKeys: Audience;
  /** The same for the seed of each approver. */
  readonly approver: Audience;
}

export function audiencesOf({ roles, personaRole }: Names): Audiences {
  const { databaseBootstrap, secretRotation, backendTask, approvals } = roles;
  // Logins: what makes the database know a password reads it; only rotation makes new ones.
  const logins = [databaseBootstrap.arn, secretRotation.arn];
  const writers = [secretRotation.arn];
  return {
    breakGlass: { readers: [personaRole('BreakGlassAdmin'), ...logins], writers },
    auditor: { readers: [personaRole('SecurityAuditor'), ...logins], writers },
    tokenKeys: { readers: [backendTask.arn, approvals.arn, secretRotation.arn], writers },
    sessionKeys: { readers: [backendTask.arn, secretRotation.arn], writers },
    // Nobody but the function that checks codes sees a seed, not even the approver after the set-up.
    approver: { readers: [approvals.arn], writers: [approvals.arn] },
  };
}
