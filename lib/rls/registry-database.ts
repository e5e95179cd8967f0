/** What the registry needs to know of a database. `lib/data` makes such databases; any other with these parts will do. */
import type { IGrantable } from 'aws-cdk-lib/aws-iam';

export interface RegistryDatabase {
  /** Endpoint of the writer. */
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** Lets somebody log in with an IAM token as `user`, and as nobody else. */
  grantConnect(grantee: IGrantable, user: string): unknown;
}
