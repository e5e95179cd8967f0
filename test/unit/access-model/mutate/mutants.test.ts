/** Which faults are made: every kind, each once, and of nobody else's policies. */
import { MUTANT_KINDS, type Mutant, mutantsOf } from '../../../../lib/access-model/mutate';
import { parsePolicy } from '../../../../lib/access-model/policy/document';
import { allow, deny, estate, key, letIn, ref, role, root } from '../../../support/access-estate';
import { small } from './given';

const ofRole = (...may: object[]): Mutant[] =>
  mutantsOf(estate({ A: role({ may }) }).estate).filter(({ policy }) => policy === 'shop.A inline');
const statementOf = ({ document }: Mutant) => (document as { Statement: object[] }).Statement[0];
const whatOf = (mutants: readonly Mutant[]) =>
  mutants.map(({ id, direction }) => `${id.replace('shop.A inline / ', '')}: ${direction}`);

describe('mutants', () => {
  it('of a permission drop it, its conditions and values, and widen all the rest', () => {
    const mutants = ofRole(
      allow(['s3:GetObject', 's3:PutObject', 'sns:*'], ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'], {
        Sid: 'Some',
        Condition: { StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] } },
      }),
    );
    expect(whatOf(mutants)).toEqual([
      'Some / drop-statement: narrows',
      'Some / widen-resource: broadens',
      'Some / widen-action s3:*: broadens',
      'Some / drop-condition StringEquals aws:SourceVpc: broadens',
      'Some / drop-value StringEquals aws:SourceVpc vpc-1: narrows',
      'Some / drop-value StringEquals aws:SourceVpc vpc-2: narrows',
      'Some / widen-value StringEquals aws:SourceVpc: broadens',
    ]);
    const widened = mutants.find(({ kind }) => kind === 'widen-value') as Mutant;
    expect(statementOf(widened)).toMatchObject({ Condition: { StringLike: { 'aws:SourceVpc': '*' } } });
  });

  it('of a denial drop one action or resource of several, and widen what it excepts', () => {
    const exempt = { Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x' } } };
    expect(
      whatOf(ofRole(deny(['s3:Put*', 'sns:Publish'], ['arn:aws:s3:::a', 'arn:aws:s3:::b'], exempt))),
    ).toEqual([
      '1 / drop-statement: broadens',
      '1 / drop-denied-resource arn:aws:s3:::a: broadens',
      '1 / drop-denied-resource arn:aws:s3:::b: broadens',
      '1 / drop-denied-action s3:Put*: broadens',
      '1 / drop-denied-action sns:Publish: broadens',
      '1 / drop-condition ArnNotLike aws:PrincipalArn: narrows',
      '1 / widen-value ArnNotLike aws:PrincipalArn: broadens',
    ]);
    const others = { Effect: 'Deny', NotAction: ['s3:GetObject'], NotResource: ['arn:aws:s3:::a/*'] };
    expect(whatOf(ofRole(others))).toEqual([
      '1 / drop-statement: broadens',
      '1 / widen-excepted-resource: broadens',
      '1 / widen-excepted-action s3:*: broadens',
    ]);
  });

  it('widen a principal to everyone, once', () => {
    const mutants = mutantsOf(estate({ K: key(letIn(root(), 'kms:Sign'), letIn('*', 'kms:Sign')) }).estate);
    const widened = mutants.filter(({ kind }) => kind === 'widen-principal');
    expect(widened.map(({ id }) => id)).toEqual(['shop.K policy / 1 / widen-principal']);
    expect(widened.map(statementOf)).toMatchObject([{ Principal: '*' }]);
  });

  it('leave alone what says everything already', () => {
    expect(whatOf(ofRole(allow('*')))).toEqual(['1 / drop-statement: narrows']);
  });

  it('are made of every kind, under an id of their own, of documents that parse', () => {
    const mutants = mutantsOf(
      estate({
        A: role({
          may: [
            {
              Effect: 'Allow',
              NotAction: ['iam:*', 'sts:*'],
              Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
            },
            deny(['s3:Put*', 's3:Get*'], ['arn:aws:s3:::a', 'arn:aws:s3:::b']),
            { Effect: 'Deny', NotAction: 's3:GetObject', NotResource: 'arn:aws:s3:::a' },
            allow('s3:GetObject', '*', { Condition: { StringLike: { 'aws:SourceVpc': ['a', 'b'] } } }),
          ],
        }),
      }).estate,
    );
    expect(new Set(mutants.map(({ kind }) => kind))).toEqual(new Set(MUTANT_KINDS));
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    for (const { policy, document } of mutants) expect(() => parsePolicy(policy, document)).not.toThrow();
  });

  it('are made once of a boundary that several share', () => {
    const ids = mutantsOf(small().estate)
      .map(({ id }) => id)
      .filter((id) => id.startsWith('shop.Limit / 1 /'));
    expect(ids).toEqual(['shop.Limit / 1 / drop-statement']);
  });

  it('are not made of policies of AWS, nor of principals that no template makes', () => {
    const managed = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const mutants = mutantsOf(estate({ A: role({ ManagedPolicyArns: [managed] }) }).estate);
    expect([...new Set(mutants.map(({ policy }) => policy))]).toEqual(['shop.A trust']);
  });

  it('keep the names of the other statements where one without a name is dropped', () => {
    const [dropped] = ofRole(allow('s3:GetObject'), allow('s3:PutObject'));
    expect(parsePolicy('x', dropped?.document).statements.map(({ name }) => name)).toEqual(['2']);
  });

  it('change one of two permissions of a function', () => {
    const policies = mutantsOf(small().estate).map(({ policy }) => policy);
    expect(policies).toContain('shop.ByRule');
    expect(policies).toContain('shop.ByQueue');
    expect(policies.some((id) => id.includes(' + '))).toBe(false);
  });

  it('know boundaries by reference', () => {
    const given = estate({
      L: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow('*')] } } },
      A: role({ PermissionsBoundary: ref('L') }),
    });
    expect(mutantsOf(given.estate).map(({ id }) => id)).toContain('shop.L / 1 / drop-statement');
  });
});
