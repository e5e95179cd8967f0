/** What the rest of the platform knows of the database, whichever engine the stage names. */
import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RegistryDatabase } from '../rls/registry-database';

/** The master user. Only the bootstrap of the database logs in as it; RDS keeps and rotates its password. */
export const MASTER = 'tz_master';

export interface Database extends RegistryDatabase {
  /** Changes when the database is replaced or restored: logins that were granted for the old one do not fit the new. */
  readonly resourceId: string;
  /** Login of the master, made and rotated by RDS, under the sensitive key. */
  readonly masterSecretArn: string;
  /** For `rds-data:*`; `undefined` where the engine has no Data API. */
  readonly dataApiClusterArn: string | undefined;
  /** Lets the grantee log in with an IAM token as `login`, and as nobody else. */
  grantConnect(grantee: IGrantable, login: string): void;
}

/** A role as PostgreSQL folds it. No `*`, no `?`, no policy variable, and no token whose value nobody can check here. */
const LOGIN = /^[a-z_][a-z0-9_]{0,62}$/;

/** @throws when `login` is not one role's plain name, or when the statement would reach nobody */
export function grantLogin(database: Construct, resourceId: string, grantee: IGrantable, login: string) {
  if (!LOGIN.test(login)) {
    throw new Error(
      `"${login}" is not the name of one database role. A login is granted for one role at a time, such as "app_backend".`,
    );
  }
  Grant.addToPrincipal({
    grantee,
    actions: ['rds-db:connect'],
    resourceArns: [
      Arn.format(
        {
          service: 'rds-db',
          resource: 'dbuser',
          resourceName: `${resourceId}/${login}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        },
        Stack.of(database),
      ),
    ],
  }).assertSuccess();
}
