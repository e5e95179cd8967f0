/**
 * What the bootstrap template of the pinned CDK must look like for the narrowing to mean anything. A role that appears in it
 * later would be trusted by the whole account, and nobody would see it: so roles are compared, not only looked for.
 */

// biome-ignore lint/suspicious/noExplicitAny: a template is what CloudFormation reads, not what we declare
export type Template = any;

/** Roles of the command line: what the pipeline assumes. */
export const ASSUMED = [
  'FilePublishingRole',
  'ImagePublishingRole',
  'LookupRole',
  'DeploymentActionRole',
] as const;
export const EXECUTION = 'CloudFormationExecutionRole';

/** What is changed, and what a deploy looks for: keys from the top of the template. */
const NEEDED: readonly (readonly string[])[] = [
  ...['Qualifier', 'BootstrapVariant', 'DenyExternalId'].map((name) => ['Parameters', name]),
  ...['TrustedAccounts', 'TrustedAccountsForLookup', 'CloudFormationExecutionPolicies'].flatMap((name) => [
    ['Parameters', name],
    ['Conditions', `Has${name}`],
  ]),
  ['Conditions', 'ShouldDenyExternalId'],
  ...[...ASSUMED, EXECUTION].map((role) => ['Resources', role, 'Properties', 'AssumeRolePolicyDocument']),
  ['Resources', EXECUTION, 'Properties', 'ManagedPolicyArns'],
  ['Resources', 'FileAssetsBucketEncryptionKey', 'Properties'],
  ['Resources', 'StagingBucket'],
  ['Resources', 'ContainerAssetsRepository'],
  ['Resources', 'CdkBootstrapVersion'],
  ['Outputs', 'BootstrapVersion'],
  ['Outputs', 'FileAssetKeyArn', 'Export'],
];

/** Statements that are narrowed or relied on, by the role in whose first policy they stand. */
const STATEMENTS: Readonly<Record<string, readonly string[]>> = {
  DeploymentActionRole: ['DeployPermissions', 'CliPermissions'],
  LookupRole: ['DontReadSecrets'],
};

export class BootstrapShapeUnknown extends Error {
  override readonly name = 'BootstrapShapeUnknown';
}

/** @throws {BootstrapShapeUnknown} which names the first thing that is not as expected, and the version */
export function requireShape(template: Template, version: string): void {
  const unknown = (what: string) =>
    new BootstrapShapeUnknown(
      `the bootstrap template of aws-cdk ${version} has ${what}: its shape is not the one that lib/bootstrap narrows. Compare the two, and change it there`,
    );
  for (const path of NEEDED) {
    for (const depth of path.keys()) {
      const part = path.slice(0, depth + 1);
      if (at(template, ...part) === undefined) throw unknown(`no ${part.join('.')}`);
    }
  }
  for (const [role, sids] of Object.entries(STATEMENTS)) {
    const statements: Template[] =
      at(template, 'Resources', role, 'Properties', 'Policies')?.[0]?.PolicyDocument?.Statement ?? [];
    for (const sid of sids) {
      if (!statements.some(({ Sid }) => Sid === sid)) throw unknown(`no statement ${sid} of ${role}`);
    }
  }
  const known: readonly string[] = [...ASSUMED, EXECUTION];
  for (const [id, { Type }] of Object.entries<Template>(template.Resources)) {
    if (Type === 'AWS::IAM::Role' && !known.includes(id)) throw unknown(`a further role, Resources.${id}`);
  }
}

/** What stands there, if anything does. */
export function at(template: Template, ...path: readonly string[]): Template {
  return path.reduce((value, step) => value?.[step], template);
}
