/** What an administrator or a careless migration leaves behind, how verification names it, and how it is undone. */
export interface Mistake {
  /** Reads after "finds ...". */
  readonly what: string;
  /** Run and committed as the superuser. `:db` is the database's name. */
  readonly plant: string;
  /** Not given: `apply` mends it. */
  readonly undo?: string;
  /** Not planted together with others: it would hide them, or they it. */
  readonly alone?: true;
  /** The rule and part of the finding's key: `TZ101 public.payslips`. */
  readonly finds: string;
}
