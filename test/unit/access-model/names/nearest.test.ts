/** A suggestion helps only if it is what somebody meant. */
import { nearest, nearestToPattern } from '../../../../lib/access-model/names/nearest';

const NAMES = ['s3:GetObject', 's3:GetObjectAcl', 's3:PutObject', 'kms:PutKeyPolicy'];

test.each([
  ['s3:GetObjetc', 's3:GetObject'],
  ['s3:GetObjectAlc', 's3:GetObjectAcl'],
  ['S3:PUTOBJECTS', 's3:PutObject'],
  ['kms:PutPolicy', 'kms:PutKeyPolicy'],
])('%s is nearest to %s', (text, name) => {
  expect(nearest(text, NAMES)).toBe(name);
});

test('nothing is near to another word', () => {
  expect(nearest('dynamodb:Query', NAMES)).toBeUndefined();
  expect(nearest('x', [])).toBeUndefined();
});

test('of a pattern, the part before its first wildcard counts', () => {
  expect(nearestToPattern('kms:Putt*', NAMES)).toBe('kms:PutKeyPolicy');
  expect(nearestToPattern('s3:GetObjetc', NAMES)).toBe('s3:GetObject');
  for (const pattern of ['*Frob', 's3:*Frob', 'S3:get*Frob'])
    expect(nearestToPattern(pattern, NAMES)).toBeUndefined();
});
