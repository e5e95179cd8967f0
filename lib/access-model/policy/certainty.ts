/** Three values: what holds, what does not, and what nobody can tell from the templates. */
export type Certainty = 'yes' | 'no' | 'maybe';

export const certainly = (holds: boolean): Certainty => (holds ? 'yes' : 'no');

export function not(value: Certainty): Certainty {
  if (value === 'maybe') return 'maybe';
  return value === 'yes' ? 'no' : 'yes';
}

/** The first `no` decides; without one a `maybe` stays. */
export function all<T>(items: Iterable<T>, test: (item: T) => Certainty): Certainty {
  let result: Certainty = 'yes';
  for (const item of items) {
    const value = test(item);
    if (value === 'no') return 'no';
    if (value === 'maybe') result = 'maybe';
  }
  return result;
}

export function any<T>(items: Iterable<T>, test: (item: T) => Certainty): Certainty {
  let result: Certainty = 'no';
  for (const item of items) {
    const value = test(item);
    if (value === 'yes') return 'yes';
    if (value === 'maybe') result = 'maybe';
  }
  return result;
}
