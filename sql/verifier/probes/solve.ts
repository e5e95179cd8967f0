/**
 * Finds values that satisfy CHECK constraints by letting PostgreSQL evaluate the constraints over lists of candidates:
 * one query tries thousands of combinations, without a row being written.
 */
import { ident } from '../../db/names';
import type { CheckShape } from './catalog';
import type { ProbeSession } from './session';
import { NULL, toSql, type Value } from './value';

/** What may stand in a column. `omit`: the column stays out of the INSERT. `parent`: it needs a foreign key's parent. */
export interface Candidate {
  readonly value: Value;
  readonly use: 'value' | 'omit' | 'parent';
  /** Its place among the candidates of its type: the next row then gets a new value of the same make. */
  readonly index?: number;
  /** More values of its kind, for a column that needs another one in every row. */
  readonly make?: (n: number) => Value;
}

export interface Variable {
  readonly column: string;
  /** Type to cast to: the base type, a domain would raise its own errors. */
  readonly type: string;
  readonly candidates: readonly Candidate[];
}

export type Solution = ReadonlyMap<string, Candidate>;

const MOST_COMBINATIONS = 3000;
const MOST_SOLUTIONS = 60;

/** The checks that hang together with `first` through shared columns: one cannot be satisfied without the others. */
export function together(first: CheckShape, all: readonly CheckShape[]): CheckShape[] {
  const chosen = new Set([first]);
  for (let grew = true; grew; ) {
    const columns = new Set([...chosen].flatMap((check) => check.columns));
    const more = all.filter(
      (check) => !chosen.has(check) && check.columns.some((column) => columns.has(column)),
    );
    for (const check of more) chosen.add(check);
    grew = more.length > 0;
  }
  return [...chosen];
}

/** Combinations in the order of how many columns deviate from their first candidate: the plain row comes first. */
export function* combinations(sizes: readonly number[]): Generator<number[]> {
  const zero = sizes.map(() => 0);
  yield zero;
  for (let deviations = 1; deviations <= sizes.length; deviations += 1) {
    yield* deviate(zero, sizes, 0, deviations);
  }
}

function* deviate(base: number[], sizes: readonly number[], from: number, left: number): Generator<number[]> {
  if (left === 0) {
    yield base;
    return;
  }
  for (let column = from; column <= sizes.length - left; column += 1) {
    for (let choice = 1; choice < (sizes[column] as number); choice += 1) {
      yield* deviate(base.with(column, choice), sizes, column + 1, left - 1);
    }
  }
}

/** Solutions in the order of `combinations`; empty when there is none or the expressions cannot be evaluated alone. */
export async function solve(
  session: ProbeSession,
  role: string,
  variables: readonly Variable[],
  condition: string,
): Promise<Solution[]> {
  const picked: number[][] = [];
  for (const combination of combinations(variables.map((variable) => variable.candidates.length))) {
    picked.push(combination);
    if (picked.length === MOST_COMBINATIONS) break;
  }
  const row = (combination: readonly number[], index: number) =>
    `(${[String(index), ...variables.map((variable, i) => cast(variable, combination[i] as number))].join(', ')})`;
  const names = ['tenant_zero_i', ...variables.map((variable) => ident(variable.column))].join(', ');
  const query = (combos: readonly number[][], base: number) =>
    `SELECT v.tenant_zero_i::text AS i FROM (VALUES ${combos.map((each, i) => row(each, base + i)).join(', ')}) v (${names})
     WHERE (${condition}) IS NOT FALSE ORDER BY v.tenant_zero_i LIMIT ${MOST_SOLUTIONS}`;

  const all = await session.attempt(query(picked, 0), role, { keep: false });
  const hits = all.ok ? all.rows.map((hit) => Number(hit.i)) : await oneByOne(session, role, picked, query);
  return hits.map(
    (hit) =>
      new Map(
        variables.map((variable, i) => [
          variable.column,
          variable.candidates[picked[hit]?.[i] as number] as Candidate,
        ]),
      ),
  );
}

/** Some candidate makes the expression itself fail, and with it the batch: the first few are tried alone. */
async function oneByOne(
  session: ProbeSession,
  role: string,
  picked: readonly number[][],
  query: (combos: readonly number[][], base: number) => string,
): Promise<number[]> {
  const hits: number[] = [];
  for (const [index, combination] of picked.slice(0, 150).entries()) {
    const alone = await session.attempt(query([combination], index), role, { keep: false });
    if (alone.ok && alone.rows.length > 0) hits.push(index);
    if (hits.length === 5) break;
  }
  return hits;
}

function cast(variable: Variable, choice: number): string {
  return `${toSql(variable.candidates[choice]?.value ?? NULL)}::${variable.type}`;
}
