/** How much data, and how long to measure. Shapes are the same in both sizes: 500 rows per organization, 3 hidden. */

export interface Sizes {
  readonly rows: number;
  readonly organizations: number;
  readonly hidden: number;
  /** Rows of each table of the chains, at every depth. */
  readonly chainRows: number;
  /** Rows of the table that is searched; `bigTenant` of them belong to one organization. */
  readonly documents: number;
  readonly bigTenant: number;
  /** Rows of the table that is read with few and with very many organizations. */
  readonly countRows: number;
  /** Numbers of tables, ascending: the same database grows. */
  readonly tables: readonly number[];
  /** Time per comparison, in milliseconds. */
  readonly budget: number;
}

export const DEFAULT: Sizes = {
  rows: 500_000,
  organizations: 1_000,
  hidden: 3,
  chainRows: 200_000,
  documents: 400_000,
  bigTenant: 300_000,
  countRows: 200_000,
  tables: [1_000],
  budget: 2_500,
};

export const FULL: Sizes = {
  rows: 5_000_000,
  organizations: 10_000,
  hidden: 3,
  chainRows: 1_000_000,
  documents: 1_000_000,
  bigTenant: 300_000,
  countRows: 1_000_000,
  tables: [1_000, 5_000],
  budget: 10_000,
};
