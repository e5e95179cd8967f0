/** Concrete requests that tell whether a statement is still what it was: inside of what it says, and just outside. */
import type { Step } from '../capabilities/capability';
import type { Estate, Principal } from '../estate/estate';
import type { Vocabulary } from '../names/vocabulary';
import { type Context, contextOf } from '../policy/context';
import type { Statement } from '../policy/document';
import { literalsOf } from '../probes/actions';
import { resourcesOf, type Surroundings } from '../probes/resources';
import { statementsOf } from '../probes/services';
import { Model } from '../questions/model';
import { concernedBy } from './concerned';
import type { PlacedPolicy } from './policies';
import { actionsFor } from './probe-actions';
import { keysFor } from './probe-keys';

export interface Probe {
  readonly principal: Principal;
  /** Asked exactly as it is: a key that it does not name is absent. */
  readonly step: Step;
}

/** Of one action, inside of the statement. All that it names come with one action of their kind at least. */
const MOST_INSIDE = 2;
/** Of the estate, to choose from. */
const MOST_TARGETS = 4;
/** Of the same kind, that the statement is not about. */
const MOST_OUTSIDE = 1;

/** What probes of an estate are made of. */
export class Prober {
  private readonly model: Model;
  private readonly named: ReadonlySet<string>;
  private readonly concerned = new Map<string, readonly Principal[]>();

  constructor(
    private readonly estate: Estate,
    private readonly vocabulary: Vocabulary,
  ) {
    this.model = new Model(estate);
    const literals = statementsOf(estate).flatMap(literalsOf);
    this.named = new Set(literals.map((each) => each.toLowerCase()));
  }

  /** @param placed - where the statement stands: it may be one that is not there yet */
  probesOf(statement: Statement, placed: PlacedPolicy): Probe[] {
    const { vocabulary, named } = this;
    const standing = placed.targets.map(({ arn }) => arn);
    const about = [...statement.resources.filter((each) => each !== '*'), ...standing];
    const { inside, outside } = actionsFor(statement, { vocabulary, named, about });
    return this.placesOf(placed).flatMap(({ resource, context }) =>
      this.concernedBy(placed).flatMap((principal) => {
        const around = this.aroundOf(principal, resource);
        const given = new Map([...around.context, ...context]);
        const keys = keysFor(statement, given).map((each): Context => new Map([...context, ...each]));
        const seen = new Set<string>();
        const steps = (action: string, contexts: readonly Context[]) =>
          stepsOf(statement, { action, contexts, around, placed, seen });
        return [
          ...inside.flatMap((action) => steps(action, keys)),
          ...outside.flatMap((action) => steps(action, keys.slice(0, 1)).slice(0, 1)),
        ].map((step): Probe => ({ principal, step }));
      }),
    );
  }

  private concernedBy(placed: PlacedPolicy): readonly Principal[] {
    const known = this.concerned.get(placed.policy.id) ?? concernedBy(placed, this.estate);
    this.concerned.set(placed.policy.id, known);
    return known;
  }

  /** What the policy stands at; of an endpoint, that requests pass it. Of several the first: they hold the same text. */
  private placesOf({ trusting, targets }: PlacedPolicy): { resource?: string; context: Context }[] {
    const [role] = trusting;
    if (role) return [{ resource: role.caller.arn, context: new Map() }];
    const [target] = targets;
    if (!target) return [{ context: new Map() }];
    if (target.type === 'AWS::EC2::VPCEndpoint') {
      return [{ context: contextOf({ 'aws:SourceVpce': target.name }) }];
    }
    return [{ resource: target.arn, context: new Map() }];
  }

  private aroundOf(principal: Principal, resource: string | undefined): Surroundings {
    const { context } = this.model.request({ principal, action: 'any:Any', resource: '*' });
    const [stack] = this.estate.stacks;
    const [, partition = 'aws'] = principal.caller.arn.startsWith('arn:')
      ? principal.caller.arn.split(':')
      : [];
    return {
      vocabulary: this.vocabulary,
      targets: this.estate.targets,
      partition,
      account: principal.caller.account || (stack?.account ?? ''),
      region: stack?.region ?? '',
      context,
      most: MOST_TARGETS,
      ...(resource === undefined ? {} : { resource }),
    };
  }
}

interface Stepping {
  readonly action: string;
  readonly contexts: readonly Context[];
  readonly around: Surroundings;
  readonly placed: PlacedPolicy;
  /** What was asked about inside of the statement, with any action. */
  readonly seen: Set<string>;
}

function stepsOf(statement: Statement, { action, contexts, around, placed, seen }: Stepping): Step[] {
  const about = (each: Statement) =>
    resourcesOf({ before: { policy: placed.policy, statement: each } }, action, around);
  // The last is one that nobody names.
  const own = about(statement);
  const [named, outside] = around.resource === undefined ? [own.slice(0, -1), own.slice(-1)] : [own, []];
  const inside = named.filter((each, i) => i < MOST_INSIDE || !seen.has(each));
  for (const each of inside) seen.add(each);
  const others = about({ ...statement, resources: ['*'], notResources: false })
    .filter((each) => !own.includes(each))
    .slice(0, MOST_OUTSIDE);
  return [...inside, ...others, ...outside].flatMap((resource, i) =>
    (i === 0 ? contexts : contexts.slice(0, 1)).map(
      (context): Step => ({ action, resource, ...(context.size > 0 ? { context } : {}) }),
    ),
  );
}
