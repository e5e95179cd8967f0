/** Who can become whom: every edge with how, and the shortest path from one to another. */

import type { Holds, Step, Way } from '../capabilities/capability';
import { type Held, Holder } from '../capabilities/hold';
import type { Principal } from '../estate/estate';
import { ASSUMING } from './assuming';
import { type Escalations, escalations, makingAnother, unbinding } from './escalating';
import { PASSING } from './passing';
import { RUNNING } from './running';
import type { Technique } from './technique';

export const TECHNIQUES: readonly Technique[] = [...ASSUMING, ...RUNNING, ...PASSING];

export interface Edge {
  readonly from: Principal;
  readonly to: Principal;
  readonly technique: Technique;
  readonly holds: Exclude<Holds, 'no'>;
  readonly steps: readonly Step[];
}

/** From one principal, in the order of what is done. Empty: it is already there. */
export type Path = readonly Edge[];

export class Graph {
  private readonly edges = new Map<string, readonly Edge[]>();
  private readonly paths = new Map<string, ReadonlyMap<Principal, Path>>();
  private readonly surePaths = new Map<string, ReadonlyMap<Principal, Path>>();
  private readonly ways: readonly { to: Principal; technique: Technique; ways: readonly Way[] }[];

  /** Apart from the others: somebody without a boundary has the same name as with it. */
  private readonly unbound: Holder;

  constructor(private readonly holder: Holder) {
    this.unbound = new Holder(holder.model);
    const { estate } = holder.model;
    this.ways = estate.principals.flatMap((to) =>
      TECHNIQUES.map((technique) => ({ to, technique, ways: technique.ways(to, estate) })).filter(
        ({ ways }) => ways.length > 0,
      ),
    );
  }

  /** Everyone whom a principal can become, with the shortest path to each. */
  reach(from: Principal): ReadonlyMap<Principal, Path> {
    return this.walk(from, this.paths, () => true);
  }

  /** Those whom it surely can, by steps that all surely hold: that way may be longer. */
  reachSurely(from: Principal): ReadonlyMap<Principal, Path> {
    return this.walk(from, this.surePaths, ({ holds }) => holds === 'yes');
  }

  private walk(
    from: Principal,
    walked: Map<string, ReadonlyMap<Principal, Path>>,
    isWay: (edge: Edge) => boolean,
  ): ReadonlyMap<Principal, Path> {
    const known = walked.get(from.name);
    if (known) return known;
    const found = new Map<Principal, Path>();
    let frontier: { at: Principal; path: Path }[] = [{ at: from, path: [] }];
    while (frontier.length > 0) {
      const next: typeof frontier = [];
      for (const { at, path } of frontier) {
        for (const edge of this.from(at)) {
          if (edge.to === from || found.has(edge.to) || !isWay(edge)) continue;
          const longer = [...path, edge];
          found.set(edge.to, longer);
          next.push({ at: edge.to, path: longer });
        }
      }
      frontier = next;
    }
    walked.set(from.name, found);
    return found;
  }

  /** The next principals, each by its simplest technique; by one that holds perhaps only where none surely does. */
  private from(principal: Principal): readonly Edge[] {
    const known = this.edges.get(principal.name);
    if (known) return known;
    const reached = new Map<Principal, Edge>();
    for (const { to, technique, ways } of this.ways) {
      if (to === principal || reached.get(to)?.holds === 'yes') continue;
      const held = this.holder.hold(principal, { ways });
      if (held.holds === 'no' || (held.holds === 'in part' && reached.has(to))) continue;
      reached.set(to, {
        from: principal,
        to,
        technique,
        holds: held.holds,
        steps: held.answers.map((answer) => answer.step),
      });
    }
    this.escalate(principal, reached);
    const edges = [...reached.values()];
    this.edges.set(principal.name, edges);
    return edges;
  }

  /** Who can give itself everything is an administrator of its account. */
  private escalate(principal: Principal, reached: Map<Principal, Edge>): void {
    const to = this.holder.model.estate.principals.find(
      ({ kind, caller }) => kind === 'administrator' && caller.account === principal.caller.account,
    );
    const known = to && reached.get(to)?.holds;
    if (!to || to === principal || known === 'yes') return;
    const { holds, answers } = principal.boundary
      ? this.bounded(principal)
      : this.free(principal, this.holder);
    if (holds === 'no' || (holds === 'in part' && known)) return;
    const steps = answers.map((answer) => answer.step);
    reached.set(to, { from: principal, to, technique: ESCALATION, holds, steps });
  }

  /** What it makes is free of its boundary; what it gives itself is free only once the boundary is gone. */
  private bounded(principal: Principal): Held {
    const another = this.holder.hold(principal, { ways: makingAnother(principal) });
    if (another.holds === 'yes') return another;
    const gone = this.holder.hold(principal, { ways: unbinding(principal, this.holder.model.estate) });
    if (gone.holds === 'no') return another;
    const { boundary: _, boundaryArn: __, ...rest } = principal;
    const after = this.free(rest, this.unbound);
    const both: Held = {
      holds: least(gone.holds, after.holds),
      answers: [...gone.answers, ...after.answers],
    };
    return both.holds === 'no' || (both.holds === 'in part' && another.holds === 'in part') ? another : both;
  }

  private free(principal: Principal, holder: Holder): Held {
    const { surely, perhaps }: Escalations = escalations(principal, holder.model.estate);
    const held = holder.hold(principal, { ways: surely });
    if (held.holds !== 'no') return held;
    const doubted = holder.hold(principal, { ways: perhaps });
    return { ...doubted, holds: least(doubted.holds, 'in part') };
  }
}

const least = (a: Holds, b: Holds): Holds =>
  a === 'no' || b === 'no' ? 'no' : a === 'in part' || b === 'in part' ? 'in part' : 'yes';

export const ESCALATION: Technique = { id: 'escalate', verb: 'gives itself the rights of', ways: () => [] };
