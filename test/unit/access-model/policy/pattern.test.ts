/** Patterns against texts that are not wholly known. */
import { ANY_NAME, mark } from '../../../../lib/access-model/assembly/unresolved';
import { matches } from '../../../../lib/access-model/policy/pattern';

const X = mark('x');

describe('a text with a mark', () => {
  it.each([
    ['*', X],
    ['assets/*', `assets/${X}`],
    ['assets/*', `assets/a/${X}`],
    ['assets/*', `assets/${X}/b`],
    ['*/b', `assets/${X}/b`],
    ['assets/*/b', `assets/${X}/b`],
    ['a*s/*', `assets/${X}`],
    ['*-*', `a-${X}`],
    ['assets/*', `assets/${X}-${mark('y')}`],
    ['?*', `a${X}`],
    ['as?ets/*', `assets/${X}`],
    ['a?*?', `ab${X}c`],
  ])('matches %s whatever stands there: %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe('yes');
  });

  it.each([
    ['assets/prefix/*', `assets/${X}`],
    ['assets/a', `assets/${X}`],
    ['assets/?', `assets/${X}`],
    ['assets/??*', `assets/a${X}`],
    // What stands there may be empty.
    ['assets/?*', `assets/${X}`],
    ['assets/*/b', `assets/${X}b`],
    ['*b*', `a${X}c`],
    ['*:log-group:RDS*:log-stream:*', `arn:log-group:web:log-stream:${X}`],
    ['*:log-group:w*:log-stream:a*', `arn:log-group:web:log-stream:${ANY_NAME}`],
  ])('matches %s perhaps: %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe('maybe');
  });

  it.each([
    ['others/*', `assets/${X}`],
    ['assets/*.zip', `assets/${X}.txt`],
    ['assets', `other${X}`],
    ['ab', `ab${X}b`],
    ['a*b*c', `a${X}d`],
    // A name has no colon, whatever else is not known of it.
    ['*:log-group:RDS*:log-stream:*', `arn:log-group:web:log-stream:${ANY_NAME}`],
  ])('does not match %s: %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe('no');
  });

  it('is not tried with every length where there are too many of them', () => {
    expect(matches('?*?*?*?', `aaaa${X}a${X}a${X}a`)).toBe('maybe');
  });
});

it('a pattern with a mark matches perhaps what it could be, and surely only itself', () => {
  expect(matches(`assets/${X}`, 'assets/a')).toBe('maybe');
  expect(matches(`assets/${X}`, 'others/a')).toBe('no');
  expect(matches(`assets/${X}`, `assets/${X}`)).toBe('yes');
});
