import { rangeOf } from '../../../../cli/audit/dates';
import { CommandError } from '../../../../sql/db/errors';

const NOW = new Date('2026-11-21T11:00:00Z');
const range = (given: Parameters<typeof rangeOf>[0]) => {
  const { from, to } = rangeOf(given, NOW);
  return [from.toISOString(), to.toISOString()];
};
const code = (given: Parameters<typeof rangeOf>[0]) => {
  try {
    return range(given);
  } catch (error) {
    return (error as CommandError).code;
  }
};

test.each([
  ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['2026-04', '2026-04-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z'],
  ['2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['2026-04-15', '2026-04-15T00:00:00.000Z', '2026-04-16T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['2026-04-15T10:00:00Z', '2026-04-15T10:00:00.000Z', '2026-04-15T10:00:00.001Z'],
  ['2026-04-15T10:00:00.5+02:00', '2026-04-15T08:00:00.500Z', '2026-04-15T08:00:00.501Z'],
  ['2026-04-15T10:00:00-0130', '2026-04-15T11:30:00.000Z', '2026-04-15T11:30:00.001Z'],
  // Without a zone it is UTC, wherever the machine stands.
  ['2026-04-15T10:00', '2026-04-15T10:00:00.000Z', '2026-04-15T10:00:00.001Z'],
])('--at %s is all of what it names', (at, from, to) => {
  expect(range({ at })).toEqual([from, to]);
});

test.each([
  ['2026-04', '2026-06', '2026-04-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
  ['2026-04-15', '2026-04-15', '2026-04-15T00:00:00.000Z', '2026-04-16T00:00:00.000Z'],
  ['2026-04-15T10:00Z', '2026-04-15T12:00Z', '2026-04-15T10:00:00.000Z', '2026-04-15T12:00:00.000Z'],
])('--from %s --to %s includes both', (from, to, start, end) => {
  expect(range({ from, to })).toEqual([start, end]);
});

test('without --to it goes until now', () => {
  expect(range({ from: '2026-11' })).toEqual(['2026-11-01T00:00:00.000Z', NOW.toISOString()]);
});

test.each([
  '2026-13',
  '2026-00',
  '2026-02-30',
  '2025-02-29',
  '2026-4',
  'April',
  '',
  '0000',
  '26-04-15',
  '2026-04-15 10:00',
  '2026-04-15T25:00Z',
  '2026-02-30T10:00Z',
  '2026-04-15T10:00:00+99:00',
  "2026-04'; --",
])('%j is no date', (at) => {
  expect(code({ at })).toBe('date-wrong');
});

test.each([
  [{ at: '2026-04', from: '2026-04' }, 'range-wrong'],
  [{ at: '2026-04', to: '2026-04' }, 'range-wrong'],
  [{ from: '2026-05', to: '2026-04' }, 'range-wrong'],
  [{ from: '2026-04-15T10:00Z', to: '2026-04-15T10:00Z' }, 'range-wrong'],
  [{ from: '2026-12' }, 'range-wrong'],
  [{}, 'date-missing'],
  [{ to: '2026-04' }, 'date-missing'],
])('%j is no range', (given, expected) => {
  expect(code(given)).toBe(expected);
});

test('a mistake repeats what was written and says what would be right', () => {
  expect(() => range({ at: '2026-13' })).toThrow(/--at "2026-13" is no date/);
  expect(() => range({ at: '2026-13' })).toThrow(CommandError);
});
