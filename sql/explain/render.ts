/** An explanation as text. Pure. */
import type { Location } from '../registry';
import type { Decision, Explanation, RoleExplanation, Step } from './explanation';

export function renderExplanation(explanation: Explanation): string {
  const { table, decision, path, children, roles, database } = explanation;
  return [
    table,
    `  ${decided(decision)}`,
    ...(path.length > 0
      ? ['', 'Which organization a row belongs to', ...path.map((step) => `  ${stepText(step)}`)]
      : []),
    ...(children.length > 0 ? ['', `Protected with it: ${children.join(', ')}`] : []),
    '',
    'Who sees what',
    ...roles.flatMap(roleLines),
    '',
    'The database now',
    ...stateLines(database),
  ].join('\n');
}

const at = (location: Location | undefined) => (location ? ` (${location.file}:${location.line})` : '');

function decided(decision: Decision): string {
  switch (decision.kind) {
    case 'organizations':
      return `the organizations table${at(decision.location)}`;
    case 'registered':
      return `registered${at(decision.location)}`;
    case 'child':
      return `partition or inheriting table of ${decision.parent}${at(decision.location)}: protected with it`;
    case 'excluded':
      return `excluded because: ${decision.reason} (${decision.owner}, until ${decision.until})${at(decision.location)}`;
    case 'view':
      return `view${at(decision.location)}: shows what the tables behind it show`;
    case 'unregistered':
      return decision.undecided === undefined
        ? 'sealed, because nobody registered it'
        : `sealed, because undecided: ${decision.undecided}${at(decision.location)}`;
  }
}

export function stepText(step: Step): string {
  switch (step.kind) {
    case 'key':
      return `${step.table}.${step.column} is the organization's key`;
    case 'column':
      return `${step.table}.${step.column} names the organization`;
    case 'foreign-key':
      return `${step.table} (${step.links.map(([here]) => here).join(', ')}) -> ${step.to} (${step.links.map(([, there]) => there).join(', ')}): the row it points at must be visible`;
    case 'pointed-at':
      return `${step.by} (${step.links.map(([, there]) => there).join(', ')}) -> ${step.table} (${step.links.map(([here]) => here).join(', ')}): at least one such row must be visible`;
  }
}

function roleLines({ role, sees, verbs, policies, because }: RoleExplanation): string[] {
  const may = verbs[0] === 'OWNER' ? 'owner' : verbs.length > 0 ? `may ${verbs.join(', ')}` : 'may nothing';
  return [
    `  ${role}${sees ? ` (${sees})` : ''}: ${may}`,
    ...because.map((sentence) => `    ${sentence}`),
    ...policies.map(
      (policy) =>
        `    policy ${policy.name} (${policy.permissive ? 'permissive' : 'restrictive'}): ${policy.using}`,
    ),
  ];
}

function stateLines({ matches, pending, enginePending, foreignPolicies }: Explanation['database']): string[] {
  return [
    matches ? '  matches the registry' : `  differs from the registry: ${pending.length} changes pending`,
    ...pending.map((change) => `    ${change}`),
    ...(enginePending > 0
      ? [`  ${enginePending} changes of roles and of the schema guard are pending too: rls plan`]
      : []),
    ...(foreignPolicies.length > 0
      ? [`  policies of others, left alone: ${foreignPolicies.join(', ')}`]
      : []),
  ];
}
