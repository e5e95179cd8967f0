/** An answer in words. */
import type { Decision, Decisive, Layer } from '../evaluate/decision';
import type { Path } from '../reach/graph';
import { type Answer, verdict } from './answer';

const LAYER: Readonly<Record<Layer, string>> = {
  'resource-control': 'a resource control policy of the organization',
  'service-control': 'a service control policy of the organization',
  endpoint: 'the policy of the VPC endpoint',
  resource: 'the policy of the resource',
  identity: 'its own policies',
  boundary: 'its permissions boundary',
  session: 'the policy of the session',
};

/** Why nothing allowed: what each layer would have had to say. */
const SILENT: Readonly<Record<Layer, string>> = {
  'resource-control': 'no resource control policy of the organization allows it.',
  'service-control': 'no service control policy of the organization allows it.',
  endpoint: 'the policy of the VPC endpoint does not allow it.',
  resource: 'the policy of the resource allows it neither to this principal nor to its account.',
  identity: 'neither its own policies nor the policy of the resource allow it.',
  boundary: 'its permissions boundary does not allow it.',
  session: 'the policy of the session does not allow it.',
};

export function explain(answer: Answer): string {
  const { question, effective, floor, allowedWith, path, notes } = answer;
  const { principal, action, resource, context } = question;
  const keys = [...(context ?? [])].map(([key, values]) => `${key} = ${values.join(', ')}`);
  return [
    `${principal.name} (${principal.caller.arn})`,
    `  ${action} on ${resource}${keys.length > 0 ? `, with ${keys.join('; ')}` : ''}`,
    '',
    `${verdict(effective).toUpperCase()}: ${reason(effective)}`,
    ...effective.statements.map(line),
    ...(effective.doubts.length > 0
      ? ['  This depends on what the templates do not say:', ...effective.doubts.map(line)]
      : []),
    ...(allowedWith
      ? [
          `  It would be allowed with ${Object.entries(allowedWith)
            .map(([key, values]) => `${key} = ${values.join(', ')}`)
            .join('; ')}.`,
        ]
      : []),
    '',
    `On the floor, if a policy of its own allowed everything: ${verdict(floor)}, ${reason(floor)}`,
    ...(floor.allowed ? [] : floor.statements.map(line)),
    ...(path
      ? ['', 'All the same it is reached:', ...pathLines(path)]
      : effective.allowed
        ? []
        : ['', 'Nobody whom it can become may do it either.']),
    ...notes.map((note) => `Note: ${note}.`),
  ].join('\n');
}

function reason({ allowed, layer, explicit }: Decision): string {
  if (allowed) return `by ${LAYER[layer]}; nothing denies it.`;
  return explicit ? `explicitly, by ${LAYER[layer]}.` : SILENT[layer];
}

function line({ layer, policy, statement, effect }: Decisive): string {
  return `  ${effect === 'Deny' ? 'denies' : 'allows'}: statement ${statement} of ${policy} (${layer})`;
}

export function pathLines(path: Path): string[] {
  return path.map(
    ({ from, to, technique, steps, holds }, i) =>
      `  ${i + 1}. ${from.name} ${technique.verb} ${to.name}${holds === 'yes' ? '' : ', perhaps'} (${[...new Set(steps.map(({ action }) => action))].join(', ')})`,
  );
}
