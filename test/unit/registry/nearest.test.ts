import { nearest } from '../../../sql/registry/nearest';

test.each([
  ['organisation', ['organization', 'via', 'through'], 'organization'],
  ['tabels', ['tables', 'roles'], 'tables'],
  ['SELECT', ['select', 'insert'], 'select'],
  ['nothin', ['everything', 'nothing'], 'nothing'],
  ['ect', ['select'], undefined],
  ['view', ['via', 'views'], 'views'],
  ['view', ['via'], undefined],
  ['colour', [], undefined],
])('the nearest to %s among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
