/** Schemas modelled on the structure of well-known kinds of products. None of the SQL is theirs. */

export interface Product {
  readonly name: string;
  /** As for `init --organizations`. */
  readonly organizations: string;
  /** Two keys of organizations that `seed` made, as text; the first one's rows must not show to the second. */
  readonly tenants: readonly [string, string];
  /** What only a superuser can do: extensions, owners of single schemas. Runs first. */
  readonly prepare?: (owner: string) => string;
  /** Run by the product's own login. `version`: `server_version_num`. */
  readonly schema: (version: number) => string;
  /** What only a superuser can do afterwards: give a schema to another owner. */
  readonly finish?: (owner: string) => string;
  /** Rows of both tenants, in tables that reach them in different ways. */
  readonly seed: string;
  /** Tables, as in SQL, of which each tenant must then see some rows, and none of the other's. */
  readonly seen: readonly string[];
  /** Statements that the first tenant may run, with the defaults that the product relies on, and the second may not. */
  readonly writes: readonly string[];
  /** Tables that cannot hold a row, and so are gaps. */
  readonly gaps?: readonly string[];
}
