/** Who can become whom: every edge with how, and the shortest path from one to another. */

import type { Holds, Step, Way } from '../capabilities/capability';
import type { Holder } from '../capabilities/hold';
import { ANYTHING } from '../capabilities/ways';
import type { Principal } from '../estate/estate';
import { contextOf } from '../policy/context';
import { ASSUMING } from './assuming';
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
  private readonly ways: readonly { to: Principal; technique: Technique; ways: readonly Way[] }[];

  constructor(private readonly holder: Holder) {
    const { estate } = holder.model;
    this.ways = estate.principals.flatMap((to) =>
      TECHNIQUES.map((technique) => ({ to, technique, ways: technique.ways(to, estate) })).filter(
        ({ ways }) => ways.length > 0,
      ),
    );
  }

  /** Everyone whom a principal can become, with the shortest path to each. */
  reach(from: Principal): ReadonlyMap<Principal, Path> {
    const known = this.paths.get(from.name);
    if (known) return known;
    const found = new Map<Principal, Path>();
    let frontier: { at: Principal; path: Path }[] = [{ at: from, path: [] }];
    while (frontier.length > 0) {
      const next: typeof frontier = [];
      for (const { at, path } of frontier) {
        for (const edge of this.from(at)) {
          if (edge.to === from || found.has(edge.to)) continue;
          const longer = [...path, edge];
          found.set(edge.to, longer);
          next.push({ at: edge.to, path: longer });
        }
      }
      frontier = next;
    }
    this.paths.set(from.name, found);
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
    const edges = [...reached.values(), ...this.escalation(principal, reached)];
    this.edges.set(principal.name, edges);
    return edges;
  }

  /**
   * Who can give a new role everything, with no boundary, is an administrator. Who can change its own policies is one as far
   * as its boundary goes, which the model says with the stricter word.
   */
  private escalation(principal: Principal, reached: ReadonlyMap<Principal, Edge>): Edge[] {
    const administrator = this.holder.model.estate.principals.find(
      ({ kind, caller }) => kind === 'administrator' && caller.account === principal.caller.account,
    );
    if (!administrator || reached.has(administrator)) return [];
    const held = this.holder.hold(principal, { ways: escalations(principal) });
    if (held.holds === 'no') return [];
    const steps = held.answers.map((answer) => answer.step);
    return [{ from: principal, to: administrator, technique: ESCALATION, holds: held.holds, steps }];
  }
}

export const ESCALATION: Technique = { id: 'escalate', verb: 'gives itself the rights of', ways: () => [] };

function escalations({ caller, boundary }: Principal): Way[] {
  const [, partition] = caller.arn.split(':');
  // Made without a boundary: a condition that demands one fails.
  const free = contextOf({ 'iam:PermissionsBoundary': [] });
  const give = ['a-new-role', ANYTHING].flatMap((name) => {
    const fresh = `arn:${partition}:iam::${caller.account}:role/${name}`;
    const make: Step = { action: 'iam:CreateRole', resource: fresh, context: free };
    return ['iam:PutRolePolicy', 'iam:AttachRolePolicy'].map(
      (action): Way => ({ steps: [make, { action, resource: fresh, context: free }] }),
    );
  });
  if (caller.kind === 'root') return give;
  const own =
    caller.kind === 'user'
      ? ['iam:PutUserPolicy', 'iam:AttachUserPolicy']
      : ['iam:PutRolePolicy', 'iam:AttachRolePolicy'];
  const isReserved = caller.arn.includes('/aws-reserved/');
  // Under a boundary it gains nothing that the boundary refuses; without one, everything.
  const self =
    isReserved || boundary ? [] : own.map((action): Way => ({ steps: [{ action, resource: caller.arn }] }));
  return [...self, ...give];
}
