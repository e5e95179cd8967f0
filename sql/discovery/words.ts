/** What names suggest. Suggestions order the choices; they never outweigh a constraint. */

/** `workspaceId`, `WORKSPACE_ID`, `core_organisations`: their words, in lower case and one spelling. */
export function words(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('organisation', 'organization')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

const IRREGULAR: Readonly<Record<string, string>> = {
  people: 'person',
  staff: 'staff',
  businesses: 'business',
};

export function singular(word: string): string {
  const known = IRREGULAR[word];
  if (known) return known;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** The thing that a table holds rows of: `core_organizations` -> `core organization`. */
export function thing(table: string): string[] {
  const all = words(table);
  return all.map((word, at) => (at === all.length - 1 ? singular(word) : word));
}

const PEOPLE = new Set('user person member profile identity login staff admin administrator'.split(' '));

/** Tables of people: what points at them usually says who did it, not whose it is. */
export function holdsPeople(table: string): boolean {
  return PEOPLE.has(thing(table).at(-1) ?? '');
}

const ACTORS = new Set(
  (
    'author creator editor inviter updater uploader reviewer approver assignee assigner modifier sender requester ' +
    'actor initiator'
  ).split(' '),
);

/** `created_by`, `updatedById`, `author_id`, `approved_by_user_id`: says who did it. */
export function namesActor(column: string): boolean {
  const all = words(column);
  return ACTORS.has(all[0] ?? '') || (all.includes('by') && !all.at(-1)?.startsWith('at'));
}

const PASSING = new Set(
  'default last current active selected primary preferred recent previous former referring referrer referred'.split(
    ' ',
  ),
);

/** `default_workspace_id`, `lastOrganizationId`: where somebody is or was, not whose the row is. */
export function namesPreference(column: string): boolean {
  return PASSING.has(words(column)[0] ?? '');
}

const SHORT: Readonly<Record<string, string>> = { organization: 'org' };

/**
 * Column names, normalised, by which other tables would know a row of this one: for `core_organization` they are
 * `coreorganizationid`, `organizationid`, `orgid` and the same with `uuid`, `guid`.
 */
export function namesOfReference(table: string, idColumn: string): Set<string> {
  const all = thing(table);
  const stems = all.map((_, from) => all.slice(from).join(''));
  const short = SHORT[all.at(-1) ?? ''];
  if (short) stems.push(short);
  const names = new Set(stems.flatMap((stem) => ['id', 'uuid', 'guid'].map((end) => stem + end)));
  const own = normalised(idColumn);
  if (!GENERIC_KEYS.has(own)) names.add(own);
  return names;
}

const GENERIC_KEYS = new Set(['id', 'uuid', 'guid', 'pk', 'key', 'code', 'slug', 'name', 'oid', 'publicid']);

export function normalised(name: string): string {
  return words(name).join('');
}
