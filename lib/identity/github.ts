/** Roles of the pipeline: GitHub vouches for repository and environment, and nothing else is believed. */
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnOIDCProvider, FederatedPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../stage';

const ISSUER = 'token.actions.githubusercontent.com';

/** An account has one provider of this address; the first stage in it makes it. */
export class GitHubProvider extends CfnOIDCProvider {
  constructor(scope: Construct, id: string) {
    // No thumbprints: AWS trusts the certificates of GitHub by its own list of authorities.
    super(scope, id, { url: `https://${ISSUER}`, clientIdList: ['sts.amazonaws.com'] });
  }
}

export interface GitHubRoleProps {
  readonly roleName: string;
  readonly description: string;
  /** `owner/name` */
  readonly repository: string;
  /** Environment of the workflow: who may release to it, and after whose review, is configured at GitHub. */
  readonly environment: string;
}

export class GitHubRole extends Construct {
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    { roleName, description, repository, environment }: GitHubRoleProps,
  ) {
    super(scope, id);
    const { account } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      roleName,
      description,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new FederatedPrincipal(
        `arn:aws:iam::${account}:oidc-provider/${ISSUER}`,
        {
          StringEquals: {
            [`${ISSUER}:aud`]: 'sts.amazonaws.com',
            // Whole, never with a wildcard: `repo:x/*` would trust every branch and every pull request.
            [`${ISSUER}:sub`]: `repo:${repository}:environment:${environment}`,
          },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
  }

  /** The roles that the CDK's command line works with, of one bootstrap and of no other, wherever it stands. */
  mayDeployWith(qualifier: string, environments: readonly Environment[]): void {
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'ActAsTheCdk',
        actions: ['sts:AssumeRole'],
        resources: environments.flatMap(({ account, region }) =>
          ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map(
            (kind) => `arn:aws:iam::${account}:role/cdk-${qualifier}-${kind}-role-${account}-${region}`,
          ),
        ),
      }),
    );
  }
}
