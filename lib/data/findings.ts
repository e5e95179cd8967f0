/** Rules that a database of ours breaks knowingly, each at the construct that breaks it. */
import type { IConstruct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { inPacks } from '../nag/standing';

const answerable = { owner: 'platform', until: '2027-11-30' } as const;

/** A role that does one thing for AWS, with the policy that AWS keeps for it. */
export function acknowledgeServicePolicy(role: IConstruct, policy: string, reason: string): void {
  acknowledge(role, {
    rules: [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${policy}]`],
    reason,
    ...answerable,
  });
}

export function acknowledgeDisposable(database: IConstruct): void {
  acknowledge(database, {
    rules: [
      'AwsSolutions-RDS10',
      ...inPacks('RDSInstanceDeletionProtectionEnabled', 'HIPAA.Security', 'NIST.800.53.R5'),
    ],
    reason:
      'A disposable stage holds nothing that anybody would miss, and its database is deleted with its stack',
    ...answerable,
  });
}

export function acknowledgeOneZone(instance: IConstruct): void {
  acknowledge(instance, {
    rules: ['AwsSolutions-RDS3', ...inPacks('RDSMultiAZSupport', 'HIPAA.Security', 'NIST.800.53.R5')],
    reason: 'The stage pays for one zone; a retained stage is refused without a standby',
    ...answerable,
  });
}

export function acknowledgeNotSelected(database: IConstruct, reason: string): void {
  acknowledge(database, {
    rules: inPacks('RDSInBackupPlan', 'HIPAA.Security', 'NIST.800.53.R5'),
    reason,
    ...answerable,
  });
}
