/** What is wanted, and what is under construction while rows make each other's parents. */
import type { Value } from './value';

export interface Wanted {
  /** One per organization column; the last one stands for those that are missing. Empty: outside any organization. */
  readonly organizations: readonly string[];
  readonly given?: ReadonlyMap<string, Value>;
  /** False: find out how the row has to look, and take it back. Its parents stay. */
  readonly keep?: boolean;
}

/** A row that is being made right now. */
export interface Frame {
  readonly table: number;
  /** Values that a row further down already refers to. */
  readonly promised: Map<string, Value>;
  /** Rows that this one refers to, and that can only be made after it. */
  readonly debts: { readonly table: number; readonly wanted: Wanted }[];
}
