/** Small assemblies, and what changed between two of them. */
import type { Template } from '../../../../lib/access-model/assembly/assembly';
import { type AccessChanges, broadened, compare, servicesIn } from '../../../../lib/access-model/diff';
import { type Analysis, analyse } from '../../../../lib/access-model/matrix/analysis';
import { loadVocabulary } from '../../../../lib/access-model/names/vocabulary';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-central-1';
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

export type Resources = NonNullable<Template['Resources']>;
type Statement = Readonly<Record<string, unknown>>;

export const document = (...statements: readonly Statement[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const allow = (
  Action: string | string[],
  Resource: unknown = '*',
  more: Statement = {},
): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

export const deny = (
  Action: string | string[],
  Resource: unknown = '*',
  more: Statement = {},
): Statement => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});

export const trusts = (Principal: unknown, more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...more,
});

/** A role that `lambda.amazonaws.com` becomes, unless another trust is given. */
export function role(RoleName: string, statements: readonly Statement[], more: Statement = {}) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName,
      AssumeRolePolicyDocument: document(trusts({ Service: 'lambda.amazonaws.com' })),
      Policies: [{ PolicyName: 'own', PolicyDocument: document(...statements) }],
      ...more,
    },
  };
}

export const bucket = (BucketName: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } });

export const key = (...statements: readonly Statement[]) => ({
  Type: 'AWS::KMS::Key',
  Properties: { KeyPolicy: document(...statements) },
});

export function analysisOf(Resources: Resources): Analysis {
  const stack = { id: 'Shop', name: 'shop', account: ACCOUNT, region: REGION, template: { Resources } };
  return analyse({ directory: 'cdk.out', stacks: [stack] });
}

export async function changesBetween(base: Resources, head: Resources): Promise<AccessChanges> {
  const [before, after] = [analysisOf(base), analysisOf(head)];
  const vocabulary = await loadVocabulary(servicesIn([before.estate, after.estate]));
  return compare(before, after, vocabulary);
}

export const idsOf = (changes: AccessChanges): string[] => broadened(changes).map(({ id }) => id);

/** What broadens access on the way from one to the other. */
export const broadens = async (base: Resources, head: Resources): Promise<string[]> =>
  idsOf(await changesBetween(base, head));

export const NOTHING: AccessChanges = { principals: [], statements: [], requests: [] };
