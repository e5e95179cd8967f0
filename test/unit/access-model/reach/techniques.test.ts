/** Each technique with exactly what it takes, and without one of it. */
import { TECHNIQUES } from '../../../../lib/access-model/reach/graph';
import {
  allow,
  document,
  estate,
  principal,
  ref,
  resource,
  role,
  type Statement,
  techniquesTo,
} from '../../../support/access-estate';
import { CASES, type Case } from './techniques.cases';

function reached({ around, given }: Case, needs: readonly Statement[]): string[] | undefined {
  return techniquesTo(estate({ ...around, Attacker: role({ may: needs }) }, given), 'Attacker', 'Target');
}

const without = (needs: readonly Statement[], index: number) => [
  // A policy has to say something.
  allow('sts:GetCallerIdentity'),
  ...needs.filter((_, i) => i !== index),
];

describe.each(CASES)('who $title', (each) => {
  it(`becomes the other one, by ${each.technique}`, () => {
    expect(reached(each, each.needs)).toEqual([each.technique]);
  });

  it.each(each.needs.map(({ Action, Resource }, index) => ({ Action, Resource, index })))(
    'does not without $Action on $Resource',
    ({ index }) => {
      expect(reached(each, without(each.needs, index))).toBeUndefined();
    },
  );
});

describe('the catalog of techniques', () => {
  it('has no technique without a case', () => {
    const seen = new Set([...CASES.map(({ technique }) => technique), 'web-identity']);
    expect(TECHNIQUES.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });
});

describe('a token of an identity provider', () => {
  const HOST = 'token.actions.githubusercontent.com';
  const reaching = (subject: string) => {
    const analysis = estate({
      Provider: resource('AWS::IAM::OIDCProvider', { Url: `https://${HOST}` }),
      Target: resource('AWS::IAM::Role', {
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Principal: { Federated: ref('Provider') },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { [`${HOST}:sub`]: subject } },
        }),
      }),
      Role: role({ may: [allow('sts:*')] }),
    });
    const target = principal(analysis, 'Target');
    return analysis.estate.principals
      .filter((from) => analysis.graph.reach(from).get(target)?.[0]?.technique.id === 'web-identity')
      .map(({ name }) => name);
  };

  it('opens a role to the workflows that its trust policy names', () => {
    expect(reaching('repo:shop/web:ref:refs/heads/*')).toEqual(['a workflow of any branch of shop/web']);
    expect(reaching('repo:shop/web:pull_request')).toEqual(['a workflow of a pull request to shop/web']);
  });

  it('opens it to everybody at the provider where the trust policy names nobody', () => {
    expect(reaching('*')).toEqual(['a workflow of anybody on GitHub']);
  });

  it('opens it to nobody who is asked about where it names another environment', () => {
    expect(reaching('repo:shop/web:environment:production')).toEqual([]);
  });
});
