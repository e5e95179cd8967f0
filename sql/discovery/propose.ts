/** The registry that `init` writes: what is certain is registered, everything else is asked. Pure. */
import { qualified } from '../db/names';
import type { Belonging, Sees } from '../registry/types';
import type { OrganizationsKey, Reach } from './choices';
import { type OrganizationsOptions, organizationsTable } from './organizations-table';
import { discover } from './reach';
import type { Schema, SchemaPolicy, SchemaRelation } from './schema';
import { viewGap } from './views';
import { normalised } from './words';
import { type Commented, writeRegistry } from './write-registry';

export interface ProposeOptions extends OrganizationsOptions {
  /** Roles and what they see. Default: `app_backend` its organization, `support_shell` what is not sensitive. */
  readonly roles?: Readonly<Record<string, Sees>>;
  /** The login that may change rows as the tables' owner. Default: left out, with a comment. */
  readonly migrations?: string;
  /** Path or address of the JSON Schema, for editors. Default: no such line. */
  readonly editorSchema?: string;
}

/** One relation that somebody has to decide about. */
export interface Undecided {
  readonly table: string;
  readonly because: string;
  /** Entries as they would stand under `tables:`. */
  readonly choices: readonly Belonging[];
}

/** A table whose own policies may hide every row from the registry's roles, or show too many. */
export interface PolicyQuestion {
  readonly table: string;
  readonly policies: readonly string[];
  /** The sentence that stands as a comment over the table's entry. */
  readonly text: string;
}

export interface Proposal {
  readonly yaml: string;
  readonly organizations: OrganizationsKey;
  /** Entries under `tables:`. */
  readonly registered: number;
  readonly undecided: readonly Undecided[];
  readonly questions: readonly PolicyQuestion[];
}

const DEFAULT_ROLES: Readonly<Record<string, Sees>> = {
  app_backend: 'current-organization',
  support_shell: 'non-sensitive',
};

/** @throws CommandError when the organizations table is neither given nor plain; see `organizationsTable`. */
export function proposeRegistry(schema: Schema, options: ProposeOptions = {}): Proposal {
  const key = organizationsTable(schema, options);
  const reaches = discover(schema, key);
  const roles = options.roles ?? DEFAULT_ROLES;

  const tables: Commented[] = [];
  const views: Commented[] = [];
  const open: Commented[] = [];
  const undecided: Undecided[] = [];
  const questions: PolicyQuestion[] = [];
  const left = { followers: new Map<string, number>(), extensions: new Map<string, number>() };
  const above = new Map<number, string>();

  for (const relation of schema.relations.values()) {
    const reach = reaches.get(relation.oid);
    if (!reach) continue;
    const { standing } = reach;
    if (standing.kind === 'extension') {
      count(left.extensions, standing.extension);
      continue;
    }
    if (standing.kind === 'follows') {
      count(left.followers, schema.relations.get(standing.parent)?.text ?? String(standing.parent));
      continue;
    }
    const question = policyQuestion(relation, new Set(Object.keys(roles)));
    if (question) {
      questions.push(question);
      above.set(relation.oid, question.text);
    }
    if (standing.kind === 'organizations') continue;

    const over = question ? { above: question.text } : {};
    const first = reach.choices[0];
    if (reach.certainty === 'certain' && first) {
      const why = [reach.reason, ...reach.notes].join('; ');
      tables.push({ key: relation.text, value: entry(first.belongs), comment: why, ...over });
      continue;
    }
    const gap = relation.kind === 'v' ? viewGap(relation, schema) : because(reach);
    if (gap === undefined) {
      views.push({ key: relation.text, value: { grants: {} }, comment: reach.reason, ...over });
      continue;
    }
    undecided.push({ table: relation.text, because: gap, choices: reach.choices.map((one) => one.belongs) });
    open.push({
      key: relation.text,
      because: gap,
      choices: reach.choices.map((one) => ({ value: entry(one.belongs), comment: one.because })),
      ...over,
    });
  }

  const root = schema.relations.get(key.oid) as SchemaRelation;
  const yaml = writeRegistry({
    ...(options.editorSchema === undefined ? {} : { editorSchema: options.editorSchema }),
    ...(options.migrations === undefined ? {} : { migrations: options.migrations }),
    database: schema.database,
    organizations: organizationsEntry(root, key),
    organizationsAbove: above.get(key.oid),
    policyPatterns: questions.length > 0 ? policyPatterns(questions, schema) : [],
    policyTables: questions.length,
    roles,
    tables,
    views,
    undecided: open,
    followers: left.followers,
    extensions: left.extensions,
  });
  return { yaml, organizations: key, registered: tables.length, undecided, questions };
}

/** A way of belonging as it is written in the registry. */
export function entry(belongs: Belonging): Record<string, unknown> {
  const columns = belongs.columns.length === 1 ? belongs.columns[0] : belongs.columns;
  switch (belongs.kind) {
    case 'direct':
      return { organization: columns };
    case 'via':
      return { via: columns };
    case 'through':
      return {
        through: {
          table: qualified(belongs.table),
          [belongs.columns.length === 1 ? 'column' : 'columns']: columns,
        },
      };
  }
}

function because(reach: Reach): string {
  const advice =
    reach.standing.kind === 'table' && reach.choices.length === 0
      ? ['list it under excluded if its rows are the same for everybody']
      : [];
  return [reach.reason, ...reach.notes, ...advice].join('; ');
}

function organizationsEntry(root: SchemaRelation, key: OrganizationsKey): Record<string, unknown> {
  const flag = (...names: string[]) =>
    root.columns.find((column) => column.baseType === BOOLEAN && names.includes(normalised(column.name)))
      ?.name;
  const own = flag('isown', 'own');
  return {
    table: root.text,
    id: key.idColumn,
    sensitive: flag('issensitive', 'sensitive') ?? 'managed',
    ...(own === undefined ? {} : { own }),
  };
}

/** `bool`'s fixed oid in pg_type. */
const BOOLEAN = 16;

/** RESTRICTIVE ones may hide everything from our roles, PERMISSIVE ones only add; both matter when they reach our roles. */
function policyQuestion(relation: SchemaRelation, roles: ReadonlySet<string>): PolicyQuestion | undefined {
  const foreign = relation.policies.filter(
    (policy) =>
      !/^(zz_)?tenant_zero_/.test(policy.name) &&
      policy.roles.some((role) => role === 'public' || roles.has(role)),
  );
  if (foreign.length === 0) return undefined;
  return {
    table: relation.text,
    policies: foreign.map((policy) => policy.name),
    text: `policies of its own: ${foreign.map(described).join(', ')}`,
  };
}

/** `*_tenant_id` for policies that are named after their tables, exact names for the others. */
function policyPatterns(questions: readonly PolicyQuestion[], schema: Schema): string[] {
  const names = new Map(
    [...schema.relations.values()].map((relation) => [relation.text, relation.table.name]),
  );
  const patterns = questions.flatMap(({ table, policies }) =>
    policies.map((policy) => {
      const name = names.get(table) ?? '';
      return name !== '' && policy.startsWith(name) && policy.length > name.length
        ? `*${policy.slice(name.length)}`
        : policy;
    }),
  );
  return [...new Set(patterns)].sort();
}

function described(policy: SchemaPolicy): string {
  const roles = policy.roles.map((role) => (role === 'public' ? 'PUBLIC' : role));
  return `${policy.name} (${[...(policy.permissive ? [] : ['RESTRICTIVE']), ...roles].join(', ')})`;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
