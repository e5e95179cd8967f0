/**
 * How one principal becomes another, or makes it do what it wants. A claim that nobody can is about the least that each
 * technique takes.
 */
import type { Way } from '../capabilities/capability';
import type { Estate, Principal } from '../estate/estate';

export interface Technique {
  /** `assume-role`. */
  readonly id: string;
  /** Follows the one, before the other: `... assumes ...`. */
  readonly verb: string;
  /** What somebody needs who wants to become this one. Empty: it is not possible here. */
  readonly ways: (target: Principal, estate: Estate) => readonly Way[];
}
