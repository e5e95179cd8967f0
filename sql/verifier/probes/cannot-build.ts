import type { DbError } from './session';

/** No row of the table could be made. Says what stood in the way, and what to write into the registry about it. */
export class CannotBuildError extends Error {
  override readonly name = 'CannotBuildError';
  constructor(
    /** Quoted and qualified. */
    readonly table: string,
    reason: string,
    /** Columns to which a sample could help. */
    readonly columns: readonly string[],
    readonly error: DbError | undefined,
    /** Whether the registry has an entry that could hold samples. */
    readonly registered = true,
  ) {
    super(`${table}: ${reason}`);
  }

  /** One sentence for the finding. */
  get fix(): string {
    if (!this.registered)
      return `insert one row into ${this.table}, as the product would: it is used wherever one is needed`;
    const columns = this.columns.length > 0 ? this.columns : ['column'];
    const samples = columns.map((column) => `${column}: "<SQL literal>"`).join(', ');
    return `give values that fit in the registry, under ${this.table}: samples: { ${samples} }`;
  }

  static because(
    table: string,
    error: DbError,
    columns: readonly string[],
    registered: boolean,
  ): CannotBuildError {
    const about = [
      error.constraint && `constraint ${error.constraint}`,
      error.column && `column ${error.column}`,
    ]
      .filter(Boolean)
      .join(', ');
    return new CannotBuildError(
      table,
      `${error.sqlstate}${about ? ` (${about})` : ''}: ${error.message}`,
      columns.length > 0 ? columns : error.column ? [error.column] : [],
      error,
      registered,
    );
  }
}

/** The row was made, and came out in another organization. */
export class MisplacedError extends CannotBuildError {}
