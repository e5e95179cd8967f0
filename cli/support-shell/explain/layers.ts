/**
 * Why somebody does not see rows of a table: layer by layer, from the outside in. Pure. What is said depends on the person, the
 * registry and the person's own grants: never on the organization, of which only the name is repeated. So it is the same text
 * for an ordinary organization without rows, for a sensitive one, and for one that does not exist.
 */
import type { Visibility } from '../../../lambda/approvals/protocol';
import { parseName } from '../../../sql/db/names';
import type { Registry, RoleEntry, Verb } from '../../../sql/registry';
import { SUPPORT_LOGIN } from '../../../sql/support-session';

export type LayerName = 'persona' | 'service' | 'role' | 'policy' | 'grant';

export interface Layer {
  readonly layer: LayerName;
  /** `hides`: whatever the organization. `may-hide`: nobody is told which organizations. `unknown`: it could not be asked. */
  readonly verdict: 'open' | 'hides' | 'may-hide' | 'unknown';
  readonly why: string;
  /** What to do about it. */
  readonly next?: string;
}

export interface Question {
  /** As typed; folded as SQL does. */
  readonly table: string;
  readonly organization: string | undefined;
  /** Undefined: the caller opens a shell. Else why not. */
  readonly personaProblem: { readonly message: string; readonly next: string } | undefined;
  /** Ids of conditions that do not hold; undefined: could not be asked, and why. */
  readonly service: { readonly failing: readonly string[] } | { readonly unknown: string };
  readonly registry: Registry;
  /** Undefined: the caller may not ask. */
  readonly visibility: Visibility | undefined;
  /** What names this stage on a command line: `--stage prod`. */
  readonly flags: string;
}

export function layersOf(question: Question): Layer[] {
  return [persona(question), service(question), ...tableLayers(question), grant(question)];
}

/** The first that hides, else the first that may. Undefined: nothing does. */
export function hiddenBy(layers: readonly Layer[]): Layer | undefined {
  return (
    layers.find(({ verdict }) => verdict === 'hides') ?? layers.find(({ verdict }) => verdict === 'may-hide')
  );
}

function persona({ personaProblem, visibility }: Question): Layer {
  if (personaProblem) {
    return { layer: 'persona', verdict: 'hides', why: personaProblem.message, next: personaProblem.next };
  }
  const who = visibility ? `${visibility.login} as ${visibility.persona}` : 'you';
  return { layer: 'persona', verdict: 'open', why: `${who} may open a shell` };
}

function service({ service: given }: Question): Layer {
  if ('unknown' in given) return { layer: 'service', verdict: 'unknown', why: given.unknown };
  if (given.failing.length === 0)
    return { layer: 'service', verdict: 'open', why: 'the support shell is as it should be' };
  return {
    layer: 'service',
    verdict: 'hides',
    why: `the support shell is not as it should be: ${given.failing.join(', ')}`,
    next: 'support-shell open says of each who can mend it',
  };
}

/** `public.employees`, from whatever way SQL has to write it. */
export function tableName(text: string): { schema: string; name: string } | undefined {
  const folded = parseName(text)?.folded;
  if (!folded) return undefined;
  const [first = '', second] = folded;
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}

function tableLayers({ table, registry }: Question): Layer[] {
  const wanted = tableName(table);
  const is = (entry: { readonly table: { readonly schema: string; readonly name: string } }) =>
    entry.table.schema === wanted?.schema && entry.table.name === wanted.name;
  const role = registry.roles.find(({ name }) => name === SUPPORT_LOGIN);
  const sealed = (why: string): Layer[] => [
    {
      layer: 'role',
      verdict: 'hides',
      why: `${SUPPORT_LOGIN} has no privilege on ${table}`,
      next: 'see that the name is right; the platform engineers register a table in sql/registry.yaml',
    },
    { layer: 'policy', verdict: 'hides', why },
  ];
  const registered = registry.tables.find(is);
  const excluded = registry.excluded.find(is);
  const view = registry.views.find(is);
  if (is(registry.organizations)) {
    return [may(table, registry.organizations.grants[SUPPORT_LOGIN] ?? ['select']), filtered(table)];
  }
  if (registered) return [may(table, verbs(registered.grants, role)), filtered(table)];
  if (view) return [may(table, view.grants[SUPPORT_LOGIN] ?? []), filtered(table)];
  if (excluded) {
    return [
      may(table, excluded.grants[SUPPORT_LOGIN] ?? []),
      { layer: 'policy', verdict: 'open', why: `${table} belongs to no organization: ${excluded.reason}` },
    ];
  }
  return sealed(`${table} is not registered: nobody reaches it`);
}

const verbs = (grants: Readonly<Record<string, readonly Verb[]>>, role: RoleEntry | undefined) =>
  grants[SUPPORT_LOGIN] ?? role?.verbs ?? [];

function may(table: string, given: readonly Verb[]): Layer {
  if (given.includes('select'))
    return { layer: 'role', verdict: 'open', why: `${SUPPORT_LOGIN} may read ${table}` };
  return {
    layer: 'role',
    verdict: 'hides',
    why: `the registry lets ${SUPPORT_LOGIN} not read ${table}, whoever asks`,
    next: 'the platform engineers decide what a role may, in sql/registry.yaml',
  };
}

const filtered = (table: string): Layer => ({
  layer: 'policy',
  verdict: 'open',
  why: `the policy of ${table} shows rows of ordinary organizations, and of others under a grant of yours`,
});

function grant({ organization, visibility, personaProblem, flags }: Question): Layer {
  if (visibility === undefined) {
    return {
      layer: 'grant',
      verdict: 'unknown',
      why: personaProblem ? 'you may not ask' : 'it could not be asked',
    };
  }
  // Of this organization: the function has looked for it, and knows every way to write its key.
  const shell = visibility.grants.filter(({ kind }) => kind === 'shell');
  const next = visibility.maySeeSensitive
    ? requestCommand(organization ?? 'KEY', flags)
    : 'you are not marked as somebody who may see sensitive organizations: the owners of the platform decide that';
  const live = shell.filter((each) => each.live);
  if (live.length > 0) return liveGrant(live, organization);
  const name = organization ?? 'any organization';
  const [last] = [...shell].sort((a, b) => b.endsAt.localeCompare(a.endsAt));
  const ended = last
    ? `your grant for ${last.organization} ${last.revoked ? 'was revoked' : 'ended'} at ${last.endsAt}`
    : `you have no grant for ${name}`;
  return {
    layer: 'grant',
    verdict: 'may-hide',
    why: `${ended}. Without one, a sensitive organization shows as one that does not exist; an ordinary one needs none. Which it is, is not said`,
    next,
  };
}

function liveGrant(live: Visibility['grants'], organization: string | undefined): Layer {
  const said = live
    .map(({ organization: of, access, endsAt }) => `${of} (${access}) until ${endsAt}`)
    .join(', ');
  const writes = live.some(({ access }) => access === 'write');
  const hint = writes
    ? {}
    : {
        next: 'a grant for reading counts in read-only transactions: in a shell with --write, BEGIN READ ONLY first',
      };
  return {
    layer: 'grant',
    // A read grant shows nothing in a transaction that may write.
    verdict: writes && organization !== undefined ? 'open' : 'may-hide',
    why: `your live grants: ${said}`,
    ...hint,
  };
}

function requestCommand(organization: string, flags: string): string {
  const key = /^[\w.-]+$/.test(organization) ? organization : `'${organization.replaceAll("'", `'\\''`)}'`;
  return `npm run -s sensitive-access -- request --organization ${key} --kind shell --reason '<why>' --ticket <number> ${flags}`;
}
