/** Whether mutants are noticed, and whether what is remembered of the base gives what asking everything anew would. */
import { analyseEstate } from '../../../../lib/access-model/matrix/analysis';
import {
  decisions,
  decisionsCheck,
  mutantsOf,
  mutate,
  renderReport,
  reportToJson,
  scoreOf,
  withPolicy,
} from '../../../../lib/access-model/mutate';
import type { Check } from '../../../../lib/access-model/promises/check';
import { allow, deny, estate, key, letIn, principal, role } from '../../../support/access-estate';
import { rowsAsIn, small, vocabulary } from './given';

/** The secret is read by the reader alone, whatever the others have. */
const secretCheck: Check = {
  id: 'secret',
  title: 'nobody but the reader reads the secret',
  run: ({ estate: { principals, targets }, holder }) => {
    const arn = targets.find(({ id }) => id === 'shop.Secret')?.arn ?? '';
    const step = { action: 'secretsmanager:GetSecretValue', resource: arn };
    return principals
      .filter(({ name }) => name !== 'shop-Reader')
      .filter((each) => holder.answer(each, step).possible !== 'no')
      .map(({ name }) => ({ id: name, message: `${name} reads it` }));
  },
};

describe('mutation testing', () => {
  it('says which check notices a hole', async () => {
    const { results } = mutate(small(), [secretCheck], { vocabulary: await vocabulary() });
    const outcomeOf = (id: string) => results.find(({ mutant }) => mutant.id === id)?.outcome;
    expect(outcomeOf('shop.SecretPolicy / Others / drop-statement')).toEqual({
      outcome: 'noticed',
      by: ['secret'],
    });
    expect(outcomeOf('shop.SecretPolicy / Others / widen-value ArnNotLike aws:PrincipalArn')).toEqual({
      outcome: 'noticed',
      by: ['secret'],
    });
  });

  it('tells a mutant that nobody notices by a request that shows it', async () => {
    const { results } = mutate(small(), [secretCheck], { vocabulary: await vocabulary() });
    const found = results.find(
      ({ mutant }) => mutant.id === 'shop.Limit / 3 / drop-denied-action iam:PutRolePolicy',
    );
    expect(found?.outcome).toMatchObject({ outcome: 'not noticed' });
    expect(found?.outcome.outcome === 'not noticed' && found.outcome.differs[0]).toMatch(
      /^shop-\w+ may iam:PutRolePolicy on .*, as soon as its own policies allow it$/,
    );
  });

  it('names what masks a mutant', async () => {
    const analysis = estate({
      A: role({
        may: [allow('s3:*'), deny('s3:PutObject', '*', { Sid: 'One' }), deny('s3:Put*', '*', { Sid: 'Two' })],
      }),
    });
    const { results } = mutate(analysis, [], { vocabulary: await vocabulary() });
    const found = results.find(({ mutant }) => mutant.id === 'shop.A inline / One / drop-statement');
    expect(found?.outcome).toEqual({
      outcome: 'equivalent',
      why: { reason: 'masked', by: ['shop.A inline / Two'] },
    });
  });

  it('refuses to begin where a check fails already', async () => {
    const broken: Check = { id: 'broken', title: '', run: () => [{ id: 'x', message: '' }] };
    const options = { vocabulary: await vocabulary() };
    expect(() => mutate(small(), [broken], options)).toThrow(/mend first: broken/);
  });

  it('runs a check that looks into policies on every mutant, if told so', async () => {
    const base = small();
    const looks: Check = {
      id: 'looks',
      title: '',
      run: ({ estate: { principals } }) =>
        principals
          .filter(({ name, boundary }) => name === 'shop-Reader' && boundary?.statements.length !== 3)
          .map(({ name }) => ({ id: name, message: '' })),
    };
    const options = { vocabulary: await vocabulary(), everyTime: ['looks'] };
    const { results } = mutate(base, [looks], options);
    expect(results.filter(({ outcome }) => outcome.outcome === 'noticed')).toHaveLength(3);
  });

  it('says of every mutant what asking everything anew says', async () => {
    const names = await vocabulary();
    const base = small();
    const checks = [rowsAsIn(base), secretCheck, decisionsCheck(decisions(base, names))];
    const { results } = mutate(base, checks, { vocabulary: names });
    const anew = mutantsOf(base.estate).map(({ id, policy, document }) => {
      const analysis = analyseEstate(withPolicy(base.estate, policy, document));
      return [id, checks.filter((check) => check.run(analysis).length > 0).map((check) => check.id)];
    });
    const found = results.map(({ mutant, outcome }) => [
      mutant.id,
      outcome.outcome === 'noticed' ? outcome.by : [],
    ]);
    expect(found).toEqual(anew);
    expect(found.length).toBeGreaterThan(50);
  });

  it('is not misled by a check that asks the base only later', async () => {
    const base = small();
    const late: Check = {
      id: 'late',
      title: '',
      run: (analysis) => {
        if (analysis === base) return [];
        const step = { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::a-bucket' };
        const before = base.holder.answer(principal(base, 'Curious'), step).possible;
        const after = analysis.holder.answer(principal(analysis, 'Curious'), step).possible;
        return before === after ? [] : [{ id: 'x', message: '' }];
      },
    };
    const checks = [rowsAsIn(base), late];
    const { results } = mutate(base, checks, { vocabulary: await vocabulary() });
    const dropped = results.find(({ mutant }) => mutant.id === 'shop.Curious inline / 1 / drop-statement');
    expect(dropped?.outcome).toMatchObject({ by: expect.arrayContaining(['late']) });
  });
});

describe('the report', () => {
  it('has a score of those that are not equivalent, overall and by kind', async () => {
    const report = mutate(small(), [secretCheck], { vocabulary: await vocabulary() });
    const { mutants, noticed, equivalent, notNoticed, score } = scoreOf(report.results);
    expect(noticed + equivalent + notNoticed).toBe(mutants);
    expect(score).toBeCloseTo(noticed / (noticed + notNoticed));
    const text = renderReport(report);
    expect(text).toMatch(/^[\d.]+ % of \d+ mutants were noticed by secret; \d+ more change nothing\.\n/);
    expect(text).toMatch(/\nNot noticed:\n {2}shop\./);
    const json = JSON.parse(reportToJson(report));
    expect(json.total.mutants).toBe(mutants);
    expect(json.mutants[0]).toMatchObject({ id: expect.any(String), outcome: expect.any(String) });
  });
});

describe('a key that nobody else opens', () => {
  it('is equivalent to itself where a widened resource is still only the key', async () => {
    const statement = {
      ...letIn({ AWS: 'arn:aws:iam::111111111111:role/shop-A' }, 'kms:Decrypt'),
      Resource: 'arn:aws:kms:eu-central-1:111111111111:key/*',
    };
    const { results } = mutate(estate({ A: role(), K: key(statement) }), [], {
      vocabulary: await vocabulary(),
    });
    const found = results.find(({ mutant }) => mutant.id === 'shop.K policy / 1 / widen-resource');
    expect(found?.outcome).toEqual({ outcome: 'equivalent', why: { reason: 'no other resource' } });
  });
});
