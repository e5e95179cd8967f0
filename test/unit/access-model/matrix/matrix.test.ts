/** What somebody can do through others: what is sure before what is near. */
import { matrix } from '../../../../lib/access-model/matrix/matrix';
import {
  ACCOUNT,
  allow,
  estate,
  HERE,
  type Resources,
  type RoleGiven,
  ref,
  resource,
  role,
} from '../../../support/access-estate';

const arnOfRole = (logicalId: string) => `arn:aws:iam::${ACCOUNT}:role/shop-${logicalId}`;
const trusting = (...logicalIds: string[]) => ({ AWS: logicalIds.map(arnOfRole) });
const READ = allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${HERE}:secret:card-*`);
/** Whose text is not known: perhaps it allows everything. */
const UNKNOWN = { ManagedPolicyArns: ['arn:aws:iam::aws:policy/WhoKnowsWhat'] };

/** What A may of the secret, and over whom. */
function cell(resources: Resources) {
  const analysis = estate({ Card: resource('AWS::SecretsManager::Secret', { Name: 'card' }), ...resources });
  const row = matrix(analysis).find(({ principal }) => principal.name === 'shop-A');
  const found = row?.cells.find(({ capability }) => capability.id === 'secret:card');
  return [found?.direct.holds, found?.holds, found?.path.map(({ to }) => to.name)];
}

describe('what somebody may through others', () => {
  it('is what the nearest may, where that is sure', () => {
    const resources = {
      A: role(),
      Near: role({ trusts: trusting('A'), may: [READ] }),
      Far: role({ trusts: trusting('Near'), may: [READ] }),
    };
    expect(cell(resources)).toEqual(['no', 'yes', ['shop-Near']]);
  });

  it('is what one who is farther surely may, rather than what a nearer one perhaps may', () => {
    const resources = (may: object[]) => ({
      A: role(),
      Near: role({ trusts: trusting('A'), ...UNKNOWN }),
      Middle: role({ trusts: trusting('A') }),
      Far: role({ trusts: trusting('Middle'), may }),
    });
    expect(cell(resources([READ]))).toEqual(['no', 'yes', ['shop-Middle', 'shop-Far']]);
    expect(cell(resources([allow('s3:ListBucket')]))).toEqual(['no', 'in part', ['shop-Near']]);
  });

  it('is sure by a longer way, where the shorter one to the same is not', () => {
    const resources = (middle: RoleGiven) => ({
      A: role({ may: [allow('sts:AssumeRole', ref('Nothing'))] }),
      Middle: role(middle),
      Far: role({
        trusts: { AWS: [arnOfRole('Middle'), `arn:aws:iam::${ACCOUNT}:root`] },
        may: [READ],
      }),
    });
    expect(cell(resources({ trusts: trusting('A') }))).toEqual(['no', 'yes', ['shop-Middle', 'shop-Far']]);
    expect(cell(resources({}))).toEqual(['no', 'in part', ['shop-Far']]);
  });

  it('is sure over another, where it is had directly in part', () => {
    const resources = (may: object[]) => ({ A: role(UNKNOWN), B: role({ trusts: trusting('A'), may }) });
    expect(cell(resources([READ]))).toEqual(['in part', 'yes', ['shop-B']]);
    expect(cell(resources([allow('s3:ListBucket')]))).toEqual(['in part', 'in part', []]);
  });
});
