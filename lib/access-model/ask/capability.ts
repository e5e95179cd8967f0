/** One capability of one principal, in words: what it takes, what refuses it, what leads round. */
import type { Capability } from '../capabilities/capability';
import type { Analysis } from '../matrix/analysis';
import { rowOf } from '../matrix/matrix';
import { Problem } from '../problem';
import { pathLines } from './explain';

export function capabilityInWords(analysis: Analysis, name: string, capability: Capability): string {
  const [principal] = analysis.model.find(name);
  if (!principal) throw new Problem(`there is no principal "${name}" in this assembly`);
  const cell = rowOf(analysis, principal).cells.find((each) => each.capability === capability);
  if (!cell) throw new Problem(`there is no capability "${capability.id}" in this assembly`);
  const { direct, path, holds } = cell;
  const words = { yes: 'Yes', 'in part': 'In part, or perhaps', no: 'No' } as const;
  const floor = analysis.holder.hold(principal, capability, true);
  return [
    `May ${principal.name} ${capability.title}? ${words[direct.holds]}${direct.holds === 'no' && path.length > 0 ? ', but it is reached' : ''}.`,
    ...direct.answers.map(({ step, decision, context }) => {
      const by = decision.statements.map(({ policy, statement }) => `${statement} of ${policy}`).join(', ');
      const keys = [...context]
        .map(([key, values]) => ` with ${key} = ${values.join(', ') || 'nothing'}`)
        .join('');
      return `  ${decision.allowed ? 'allowed' : decision.explicit ? 'denied' : 'not allowed'}: ${step.action} on ${step.resource}${keys}${by ? ` (${by})` : ` (${decision.layer})`}`;
    }),
    ...(path.length > 0 ? [`${holds === 'yes' ? 'Reached' : 'Perhaps reached'}:`, ...pathLines(path)] : []),
    `On the floor, if a policy of its own allowed everything: ${words[floor.holds].toLowerCase()}.`,
  ].join('\n');
}
