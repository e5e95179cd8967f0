/** Actions that a statement is about: each that it names, one of each pattern, and one of each service beside them. */
import { meansAction } from '../evaluate/applies';
import type { Access, Vocabulary } from '../names/vocabulary';
import type { Statement } from '../policy/document';
import { matches } from '../policy/pattern';

/** Of a statement about all actions but some. */
const MOST_OF_THE_REST = 4;
const BY_POWER: readonly Access[] = ['Permissions management', 'Write', 'Read', 'Tagging', 'List'];

export interface Actions {
  readonly inside: readonly string[];
  readonly outside: readonly string[];
}

export interface Asking {
  readonly vocabulary: Vocabulary;
  /** In lower case: actions that some statement names. There the answers change. */
  readonly named: ReadonlySet<string>;
  /** Patterns of what the statement is about: what it says, and what it stands at. */
  readonly about: readonly string[];
}

export function actionsFor(statement: Statement, asking: Asking): Actions {
  const { vocabulary } = asking;
  const written = statement.actions.flatMap((pattern) => {
    if (!/[*?]/.test(pattern)) return [pattern];
    return pattern === '*' ? [] : oneOfEachKind(vocabulary.actionsLike(pattern), asking);
  });
  const isGeneral = statement.notActions || statement.actions.includes('*');
  const rest = isGeneral
    ? MOST_TELLING.filter((action) => meansAction(statement, action)).slice(0, MOST_OF_THE_REST)
    : [];
  const services = new Set(statement.actions.map((each) => each.split(':')[0]?.toLowerCase() ?? ''));
  const beside = [...services].flatMap((service) => {
    if (isGeneral || !vocabulary.loaded.has(service)) return [];
    const others = vocabulary.actionsLike(`${service}:*`).filter((each) => !meansAction(statement, each));
    return oneOfEachKind(others, asking).slice(0, 1);
  });
  const all = [...written, ...rest, ...beside];
  return {
    inside: unique(all.filter((each) => meansAction(statement, each))),
    outside: unique(all.filter((each) => !meansAction(statement, each))),
  };
}

/** One for the bucket, one for its objects: of each pattern, if there is any such, else the most powerful. */
function oneOfEachKind(actions: readonly string[], { vocabulary, named, about }: Asking): string[] {
  const power = (action: string): number => {
    const access = vocabulary.action(action)?.access;
    return access ? BY_POWER.indexOf(access) : BY_POWER.length;
  };
  const rank = (action: string): number => (named.has(action.toLowerCase()) ? 0 : 10) + power(action);
  const ranked = [...actions].sort((a, b) => rank(a) - rank(b));
  const fitting = about.flatMap((pattern) => {
    if (pattern === '*') return [];
    const found = ranked.find((action) =>
      kindsOf(action, vocabulary).some((kind) => isOfKind(kind, pattern)),
    );
    return found === undefined ? [] : [found];
  });
  return fitting.length > 0 ? unique(fitting) : ranked.slice(0, 1);
}

const kindsOf = (action: string, vocabulary: Vocabulary): readonly string[] =>
  vocabulary.action(action)?.resourceTypes.flatMap(({ arnPatterns }) => arnPatterns) ?? [];

/** The pattern of a bucket matches its objects too, and no action on buckets is one on objects. */
const isOfKind = (kind: string, pattern: string): boolean =>
  matches(kind, pattern) === 'yes' &&
  (!kind.includes(':s3:::') || kind.includes('/') === pattern.includes('/'));

/** Of everything: what data, secrets, identities and what runs are lost by. */
const MOST_TELLING = [
  'secretsmanager:GetSecretValue',
  's3:GetObject',
  'kms:Decrypt',
  'sts:AssumeRole',
  'lambda:UpdateFunctionCode',
  'iam:PutRolePolicy',
  'rds:ModifyDBCluster',
  'logs:FilterLogEvents',
];

const unique = (values: readonly string[]): string[] => [...new Set(values)];
