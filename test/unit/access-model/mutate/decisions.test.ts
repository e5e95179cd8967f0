/** Decisions that are kept: what they show, and how they are written. */
import { analyseEstate } from '../../../../lib/access-model/matrix/analysis';
import {
  decisions,
  decisionsCheck,
  parseDecisions,
  renderDecisions,
  withPolicy,
} from '../../../../lib/access-model/mutate';
import { document } from '../../../support/access-estate';
import { small, vocabulary } from './given';

describe('decisions', () => {
  it('are asked inside and just outside of what a statement says', async () => {
    const analysis = small();
    const found = decisions(analysis, await vocabulary());
    const secret = analysis.estate.targets.find(({ id }) => id === 'shop.Secret')?.arn;
    const reading = found.find(
      ({ step }) => step.action === 'secretsmanager:GetSecretValue' && step.resource === secret,
    );
    expect(reading?.by.get('shop-Reader')).toBe('+');
    expect(reading?.by.get('shop-Writer')).toBe('-P');
    const transport = found.filter(
      ({ step }) => step.action === 's3:GetObject' && step.context?.has('aws:securetransport'),
    );
    expect(new Set(transport.map(({ step }) => step.context?.get('aws:securetransport')?.[0]))).toEqual(
      new Set(['true', 'false', undefined]),
    );
  });

  it('are the same after they were written and read', async () => {
    const found = decisions(small(), await vocabulary());
    const text = renderDecisions(found);
    expect(parseDecisions(text)).toEqual(found);
    expect(renderDecisions(decisions(small(), await vocabulary()))).toBe(text);
  });

  it('are refused where somebody wrote something else into them', () => {
    expect(() => parseDecisions('# kept\nwhat is this?')).toThrow(/line 2 of the kept decisions/);
  });

  it('hold of the estate that they were taken of, and of no other', async () => {
    const analysis = small();
    const check = decisionsCheck(parseDecisions(renderDecisions(decisions(analysis, await vocabulary()))));
    expect(check.run(analysis)).toEqual([]);
    expect(check.run(small())).toEqual([]);
    const open = document({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: '*' });
    const other = analyseEstate(withPolicy(analysis.estate, 'shop.SecretPolicy', open));
    expect(check.run(other).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^any other administrator secretsmanager:GetSecretValue .*: was -P, is \+$/),
    );
  });
});
