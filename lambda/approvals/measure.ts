/** Once a minute: what is open now, and the head of the ledger to where nothing is changed. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Gate, LedgerHead } from '../../sql/approvals/gate';
import { exportHead, headKey } from './ledger-head';
import type { Measurements } from './metrics';

export interface Measuring {
  readonly gate: Gate;
  readonly s3: S3Client;
  readonly auditBucket: string;
  readonly measurements: Measurements;
  /** The last one that this process has exported. */
  readonly exported: { head: LedgerHead | null };
}

export interface MeasureAnswer {
  readonly ok: true;
  readonly result: {
    readonly grantsAlive: number;
    readonly reviewsOpen: number;
    readonly head: string | null;
  };
}

export async function measure(measuring: Measuring): Promise<MeasureAnswer> {
  const { gate, s3, auditBucket, measurements, exported } = measuring;
  const { grantsAlive, reviewsOpen, head } = await gate.measure();
  measurements.measured('grantsAlive', grantsAlive);
  measurements.measured('reviewsOpen', reviewsOpen);
  if (head !== null && (head.sequence !== exported.head?.sequence || head.hash !== exported.head.hash)) {
    await exportHead(s3, auditBucket, head);
    exported.head = head;
  }
  return { ok: true, result: { grantsAlive, reviewsOpen, head: head && headKey(head) } };
}
