/** The head of the ledger, copied to where nothing is changed: who rewrote the chain would have to rewrite that too. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { LedgerHead } from '../../sql/approvals/gate';
import { LEDGER_FOLDER } from './contract';

/** `ledger/000000000042.json`: sorts as it counts. */
export function headKey({ sequence }: Pick<LedgerHead, 'sequence'>): string {
  return `${LEDGER_FOLDER}/${String(sequence).padStart(12, '0')}.json`;
}

/**
 * Writes the head unless it is there. True: written now.
 *
 * @throws {Error} when the bucket cannot be reached, or holds another head of the same number: the chain was rewritten
 */
export async function exportHead(s3: S3Client, bucket: string, head: LedgerHead): Promise<boolean> {
  const { GetObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const where = { Bucket: bucket, Key: headKey(head) };
  const { sequence, hash, at } = head;
  const Body = JSON.stringify({ sequence, hash, at });
  try {
    // Nothing is ever written over.
    await s3.send(
      new PutObjectCommand({ ...where, Body, ContentType: 'application/json', IfNoneMatch: '*' }),
    );
    return true;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if (name !== 'PreconditionFailed' && $metadata?.httpStatusCode !== 412) throw error;
  }
  const { Body: found } = await s3.send(new GetObjectCommand(where));
  if ((await found?.transformToString()) === Body) return false;
  throw new Error(`the ledger was rewritten: ${where.Key} in ${bucket} holds another head`);
}
