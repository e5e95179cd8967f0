/** Another text of one policy: wherever it is used, and nowhere else. */

import type { Estate } from '../../../../lib/access-model/estate/estate';
import { withPolicy } from '../../../../lib/access-model/mutate';
import { deny, document, principal } from '../../../support/access-estate';
import { small } from './given';

const NEW = document({ Sid: 'New', Effect: 'Deny', Action: '*', Resource: '*' });
const changedIn = (before: Estate, after: Estate) => ({
  principals: after.principals.filter((each, i) => each !== before.principals[i]).map(({ name }) => name),
  targets: after.targets.filter((each, i) => each !== before.targets[i]).map(({ id }) => id),
});

describe('an estate with another policy', () => {
  it('has it for everyone who shares it, and all else is the same object', () => {
    const { estate } = small();
    const after = withPolicy(estate, 'shop.Limit', NEW);
    expect(changedIn(estate, after)).toEqual({ principals: ['shop-Reader', 'shop-Writer'], targets: [] });
    const [first, second] = after.principals.filter(({ boundary }) => boundary);
    expect(first?.boundary).toBe(second?.boundary);
    expect(first?.boundary?.statements.map(({ name }) => name)).toEqual(['New']);
    expect(after.resources).toBe(estate.resources);
  });

  it('has it at the resource', () => {
    const { estate } = small();
    const after = withPolicy(estate, 'shop.SecretPolicy', NEW);
    expect(changedIn(estate, after)).toEqual({ principals: [], targets: ['shop.Secret'] });
  });

  it('has it as the trust of one role', () => {
    const { estate } = small();
    const after = withPolicy(estate, 'shop.Curious trust', NEW);
    expect(changedIn(estate, after)).toEqual({ principals: ['shop-Curious'], targets: [] });
  });

  it('changes one part of a policy that is joined of several', () => {
    const { estate } = small();
    const before = estate.targets.find(({ id }) => id === 'shop.Function')?.policy;
    expect(before?.id).toBe('shop.ByRule + shop.ByQueue');
    const after = withPolicy(estate, 'shop.ByQueue', NEW).targets.find(
      ({ id }) => id === 'shop.Function',
    )?.policy;
    expect(after?.id).toBe(before?.id);
    expect(after?.statements[0]).toEqual(before?.statements[0]);
    expect(after?.statements[1]?.name).toBe('New');
    expect(after?.document).toMatchObject({
      Statement: [{ Action: 'lambda:InvokeFunction' }, { Sid: 'New' }],
    });
  });

  it('is the same where nobody uses the policy', () => {
    const { estate } = small();
    expect(changedIn(estate, withPolicy(estate, 'shop.Nobody', document(deny('*'))))).toEqual({
      principals: [],
      targets: [],
    });
  });

  it('keeps who somebody is', () => {
    const analysis = small();
    const before = principal(analysis, 'Reader');
    const after = withPolicy(analysis.estate, 'shop.Reader inline', NEW).principals.find(
      ({ name }) => name === before.name,
    );
    expect(after).toMatchObject({
      name: before.name,
      caller: before.caller,
      boundaryArn: before.boundaryArn,
    });
  });
});
