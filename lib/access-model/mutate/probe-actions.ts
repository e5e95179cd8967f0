/** Actions that a statement is about: each that it names, one of each pattern, and one of each service beside them. */
import { meansAction } from '../evaluate/applies';
import type { Access, Vocabulary } from '../names/vocabulary';
import type { Statement } from '../policy/document';

/** Of a statement about all actions but some. */
const MOST_OF_THE_REST = 4;
const BY_POWER: readonly Access[] = ['Permissions management', 'Write', 'Read', 'Tagging', 'List'];

export interface Actions {
  readonly inside: readonly string[];
  readonly outside: readonly string[];
}

/** @param named - actions that some statement names: there the answers change */
export function actionsFor(
  statement: Statement,
  vocabulary: Vocabulary,
  named: ReadonlySet<string>,
): Actions {
  const pick = (actions: readonly string[]): string | undefined =>
    [...actions].sort((a, b) => rank(a) - rank(b))[0];
  const rank = (action: string): number => (named.has(action.toLowerCase()) ? 0 : 10) + power(action);
  const power = (action: string): number => {
    const access = vocabulary.action(action)?.access;
    return access ? BY_POWER.indexOf(access) : BY_POWER.length;
  };
  const written = statement.actions.flatMap((pattern) => {
    if (!/[*?]/.test(pattern)) return [pattern];
    return pattern === '*' ? [] : (pick(vocabulary.actionsLike(pattern)) ?? []);
  });
  const isGeneral = statement.notActions || statement.actions.includes('*');
  const rest = isGeneral
    ? MOST_TELLING.filter((action) => meansAction(statement, action)).slice(0, MOST_OF_THE_REST)
    : [];
  const services = new Set(statement.actions.map((each) => each.split(':')[0]?.toLowerCase() ?? ''));
  const beside = [...services].flatMap((service) => {
    if (!vocabulary.loaded.has(service)) return [];
    const others = vocabulary.actionsLike(`${service}:*`).filter((each) => !meansAction(statement, each));
    return isGeneral ? [] : (pick(others) ?? []);
  });
  const all = [...written, ...rest, ...beside];
  return {
    inside: unique(all.filter((each) => meansAction(statement, each))),
    outside: unique(all.filter((each) => !meansAction(statement, each))),
  };
}

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
