/** One-time codes: RFC 6238, the tolerance, the drift, each step once, and clocks that jump. */
import { generate } from 'otplib';
import { checkCode } from '../../../lambda/approvals/totp';

/** `12345678901234567890`, the seed of RFC 6238, in Base32. */
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);
const codeAt = (seconds: number) => generate({ secret: SEED, epoch: seconds });

/** RFC 6238, appendix B, SHA-1; six digits are the last six of the eight printed there. */
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238, appendix B: %d s', async (seconds, eight) => {
  const code = eight.slice(-6);
  const step = Math.floor(seconds / 30);
  const check = { seed: SEED, code, lastStep: null, now: at(seconds) };
  await expect(checkCode(check)).resolves.toEqual({ ok: true, step, drift: 0 });
  const wrong = code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  await expect(checkCode({ ...check, code: wrong })).resolves.toEqual({ ok: false, why: 'wrong' });
});

const T = 1_800_000_000;

test.each([
  [-60, undefined],
  [-31, undefined],
  [-30, -1],
  [-1, -1],
  [0, 0],
  [29, 0],
  [30, 1],
  [59, 1],
  [60, undefined],
])('a code of a clock that differs by %d s has drift %s', async (seconds, drift) => {
  const code = await codeAt(T + seconds);
  const result = await checkCode({ seed: SEED, code, lastStep: null, now: at(T) });
  expect(result).toEqual(
    drift === undefined ? { ok: false, why: 'wrong' } : { ok: true, step: T / 30 + drift, drift },
  );
});

describe('each step counts once, and later ones only', () => {
  test.each([
    ['before the last', -1, { ok: false, why: 'used' }],
    ['the last itself', 0, { ok: false, why: 'used' }],
    ['after the last', 1, { ok: true, step: T / 30 + 1, drift: 1 }],
  ])('%s', async (_, offset, expected) => {
    const code = await codeAt(T + offset * 30);
    await expect(checkCode({ seed: SEED, code, lastStep: T / 30, now: at(T) })).resolves.toEqual(expected);
  });

  test('after our clock went back an hour, old codes are used ones until it has caught up', async () => {
    const lastStep = T / 30;
    const back = T - 3600;
    const check = { seed: SEED, lastStep };
    await expect(checkCode({ ...check, code: await codeAt(back), now: at(back) })).resolves.toEqual({
      ok: false,
      why: 'used',
    });
    await expect(checkCode({ ...check, code: await codeAt(T + 30), now: at(T + 30) })).resolves.toMatchObject(
      {
        ok: true,
      },
    );
  });

  test('after it went forward an hour, codes of now are wrong, and those of then count', async () => {
    const forward = T + 3600;
    const check = { seed: SEED, lastStep: T / 30 };
    await expect(checkCode({ ...check, code: await codeAt(T), now: at(forward) })).resolves.toEqual({
      ok: false,
      why: 'wrong',
    });
    await expect(
      checkCode({ ...check, code: await codeAt(forward), now: at(forward) }),
    ).resolves.toMatchObject({ ok: true });
  });
});

test.each(['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６', '-12345', '12345\n'])(
  'malformed: %j',
  async (code) => {
    await expect(checkCode({ seed: SEED, code, lastStep: null, now: at(T) })).resolves.toEqual({
      ok: false,
      why: 'malformed',
    });
  },
);

test.each(['', 'JBSWY3DP', 'not base32 at all!'])(
  'a seed that is none is an error, and not told: %j',
  async (seed) => {
    const checked = checkCode({ seed, code: '123456', lastStep: null, now: at(T) });
    await expect(checked).rejects.toThrow(/^a code could not be checked/);
    await expect(checked).rejects.not.toThrow(seed || 'never');
  },
);
