/** Writes a proposed registry as YAML, with the reasons as comments. Quoting is the `yaml` package's business. */
import { Document, type Node, type YAMLMap } from 'yaml';
import type { Sees } from '../registry/types';

/** One entry. `comment` ends its line, `above` is the line before. */
export interface Commented {
  readonly key: string;
  readonly value?: Record<string, unknown>;
  readonly comment?: string;
  readonly above?: string;
  readonly because?: string;
  readonly choices?: readonly { readonly value: Record<string, unknown>; readonly comment: string }[];
}

export interface ProposedRegistry {
  readonly editorSchema?: string;
  readonly migrations?: string;
  readonly database: string;
  readonly organizations: Record<string, unknown>;
  readonly organizationsAbove: string | undefined;
  /** Patterns over the policies that others made, and how many tables have some. */
  readonly policyPatterns: readonly string[];
  readonly policyTables: number;
  readonly roles: Readonly<Record<string, Sees>>;
  readonly tables: readonly Commented[];
  readonly views: readonly Commented[];
  readonly undecided: readonly Commented[];
  readonly followers: ReadonlyMap<string, number>;
  readonly extensions: ReadonlyMap<string, number>;
}

/** Names in the closing comment; a partitioned log can have thousands. */
const MOST_NAMES = 20;

export function writeRegistry(proposed: ProposedRegistry): string {
  const doc = new Document({});
  const top = doc.contents as YAMLMap;
  const section = (key: string, value: Node, above?: string) => {
    const name = doc.createNode(key);
    // The heading ends with an empty line of its own.
    name.spaceBefore = top.items.length > 0;
    if (above !== undefined) name.commentBefore = commentText(above);
    top.items.push(doc.createPair(name, value));
  };

  doc.commentBefore = heading(proposed);
  section('organizations', flow(doc, proposed.organizations), proposed.organizationsAbove);
  section('fail_on', withComment(doc.createNode('error'), 'or warning, once the warnings are dealt with'));
  const policies = policyQuestion(proposed);
  const roles = Object.entries(proposed.roles).map(([key, sees]) => ({ key, value: { sees } }));
  section('roles', entries(doc, roles), policies);
  section('tables', entries(doc, proposed.tables));
  if (proposed.views.length > 0) section('views', entries(doc, proposed.views));
  if (proposed.undecided.length > 0) {
    section(
      'undecided',
      entries(doc, proposed.undecided),
      'Closed to everybody until moved to tables: or excluded:',
    );
  }
  if (proposed.migrations !== undefined) {
    section('migrations', flow(doc, { login: proposed.migrations }));
  }
  const closing = footer(proposed);
  if (closing !== '') doc.comment = closing;
  return doc.toString({ lineWidth: 0, singleQuote: true });
}

function entries(doc: Document, list: readonly Commented[]): YAMLMap {
  const map = doc.createNode({}) as YAMLMap;
  // An empty block map cannot be written; `tables: {}` can.
  map.flow = list.length === 0;
  for (const one of list) {
    const key = doc.createNode(one.key);
    if (one.above !== undefined) key.commentBefore = commentText(one.above);
    map.items.push(doc.createPair(key, one.because === undefined ? line(doc, one) : question(doc, one)));
  }
  return map;
}

function line(doc: Document, one: Commented): Node {
  return withComment(flow(doc, one.value ?? {}), one.comment);
}

function question(doc: Document, one: Commented): Node {
  const choices = (one.choices ?? []).map(({ value, comment }) => withComment(flow(doc, value), comment));
  return doc.createNode({ because: one.because, ...(choices.length > 0 ? { choices } : {}) });
}

function flow(doc: Document, value: Record<string, unknown>): Node {
  return doc.createNode(value, { flow: true });
}

function withComment<T extends Node>(node: T, comment: string | undefined): T {
  if (comment !== undefined) node.comment = commentText(comment);
  return node;
}

/** A newline, which names may contain, would end the comment and start YAML. */
function commentText(text: string): string {
  return ` ${text.replaceAll(/\s+/g, ' ')}`;
}

/** A RESTRICTIVE policy of others for PUBLIC hides rows from our roles too: somebody has to decide. */
function policyQuestion({ policyPatterns, policyTables }: ProposedRegistry): string | undefined {
  if (policyTables === 0) return undefined;
  const list = policyPatterns.map((pattern) => JSON.stringify(pattern)).join(', ');
  return `${policyTables} tables have policies of their own, named at each table. They stay unless the registry takes over, with this line: replaces: [${list}]`;
}

function heading({ database, editorSchema, migrations, tables, undecided }: ProposedRegistry): string {
  const lines = [
    `Proposed from the catalog of ${database}: ${tables.length} tables registered, ${undecided.length} relations undecided.`,
    'Read the reasons, move what is undecided, then run check.',
  ];
  if (migrations === undefined)
    lines.push('Data migrations need a login of their own: migrations: { login: <name> }');
  const editor = editorSchema === undefined ? [] : [`yaml-language-server: $schema=${editorSchema}`];
  return [...editor, ...lines].map(commentText).join('\n');
}

function footer({ followers, extensions }: ProposedRegistry): string {
  const lines = [
    ...counted(followers, 'partitions and inheriting tables are protected with their parent'),
    ...counted(extensions, 'relations belong to extensions'),
  ];
  return lines.map(commentText).join('\n');
}

function counted(counts: ReadonlyMap<string, number>, what: string): string[] {
  if (counts.size === 0) return [];
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const names = [...counts].slice(0, MOST_NAMES).map(([name, n]) => `${name} (${n})`);
  if (counts.size > MOST_NAMES) names.push(`and ${counts.size - MOST_NAMES} more`);
  return [`Not listed: ${total} ${what}: ${names.join(', ')}.`];
}
