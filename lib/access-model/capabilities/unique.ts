/** Ids that tell capabilities apart: by the name of the object, and where two have one name, by where they lie. */
import type { Capability } from './capability';

export function unique(capabilities: readonly Capability[]): Capability[] {
  const byPlace = told(capabilities, ({ account, region }) => ` in ${account}/${region}`);
  // Two databases of one place have a master user each.
  return told(byPlace, ({ id }) => ` of ${id}`);
}

type Suffix = (place: NonNullable<Capability['place']>) => string;

/** Only those that collide get another id: the others are named in promises. */
function told(capabilities: readonly Capability[], suffixOf: Suffix): Capability[] {
  const times = new Map<string, number>();
  for (const { id } of capabilities) times.set(id, (times.get(id) ?? 0) + 1);
  return capabilities.map((each) => {
    if (times.get(each.id) === 1 || !each.place) return each;
    const suffix = suffixOf(each.place);
    // The title ends in the object, where there is one.
    const object = each.object === undefined ? {} : { object: `${each.object}${suffix}` };
    return { ...each, ...object, id: `${each.id}${suffix}`, title: `${each.title}${suffix}` };
  });
}
