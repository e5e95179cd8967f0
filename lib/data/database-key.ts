/** A key for one use of the database: whoever administers one of them has nothing of the others. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface DatabaseKeyProps {
  /** Without `alias/`. */
  readonly alias: string;
  readonly description: string;
  /** A database, a snapshot and a recovery point are lost with their key. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Delegates to the account, as RDS needs: it works with grants that whoever creates the database makes. No other account is
 * admitted, so a snapshot that is shared or copied away stays unreadable there.
 */
export class DatabaseKey extends Key {
  constructor(scope: Construct, id: string, props: DatabaseKeyProps) {
    super(scope, id, { ...props, enableKeyRotation: true });
  }
}
