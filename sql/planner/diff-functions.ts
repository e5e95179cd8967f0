/** Guard functions: what they should be against what they are. Pure. */
import type { Desired, DesiredFunction } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident, literal } from '../db/names';
import type { Given, GuardContext } from './guard-context';
import type { Observed, ObservedFunction } from './observed';
import { printKey } from './printed';

function signature(fn: { schema: string; name: string }, types: readonly string[]): string {
  return `${fn.schema}.${ident(fn.name)}(${types.join(', ')})`;
}

export function createFunction(fn: DesiredFunction): string {
  const parameters = fn.parameters.map(({ name, type }) => `${name} ${type}`).join(', ');
  const config = fn.config.map((setting) => {
    const [name, value] = [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)];
    return ` SET ${name} = ${name === 'search_path' ? value : literal(value)}`;
  });
  const head = `CREATE OR REPLACE FUNCTION ${fn.schema}.${ident(fn.name)}(${parameters}) RETURNS ${fn.returns} LANGUAGE ${fn.language} ${fn.volatility} PARALLEL ${fn.parallel} SECURITY ${fn.definer ? 'DEFINER' : 'INVOKER'}${config.join('')}`;
  return fn.language === 'sql'
    ? `${head} BEGIN ATOMIC ${fn.body}; END`
    : `${head} AS $tenant_zero$${fn.body}$tenant_zero$`;
}

export function diffFunctions(
  desired: Desired,
  observed: Observed,
  context: GuardContext,
  add: (given: Given) => void,
): void {
  const left = new Set(observed.functions);
  for (const fn of desired.functions) {
    const types = fn.parameters.map(({ type }) => type);
    const text = signature(fn, types);
    const actual = observed.functions.find(
      (each) => each.schema === fn.schema && each.name === fn.name && each.types.join() === types.join(),
    );
    const grants = fn.executableBy.map((role) => `GRANT EXECUTE ON FUNCTION ${text} TO ${ident(role)}`);
    if (actual) left.delete(actual);
    const replace = [createFunction(fn), `REVOKE ALL ON FUNCTION ${text} FROM PUBLIC`];
    if (!actual) {
      add({ kind: 'function', action: 'add', name: text, sql: [...replace, ...grants] });
      continue;
    }
    const differences = functionDifferences(fn, actual, context);
    if (actual.owner !== GUARD_OWNER)
      add({
        kind: 'owner',
        action: 'change',
        name: text,
        before: actual.owner,
        after: GUARD_OWNER,
        sql: [],
        note: `run as an administrator: ALTER FUNCTION ${text} OWNER TO ${GUARD_OWNER}`,
      });
    if (differences.length > 0) {
      // CREATE OR REPLACE keeps LEAKPROOF and settings that it does not mention only where it says nothing: reset both.
      const reset = [
        ...(actual.leakproof ? [`ALTER FUNCTION ${text} NOT LEAKPROOF`] : []),
        // CREATE OR REPLACE refuses to take a default away. Nothing but the functions that call it knows it.
        ...(actual.defaults ? [`DROP FUNCTION ${text}`] : []),
      ];
      add({
        kind: 'function',
        action: 'change',
        name: text,
        before: differences.map(([what, before]) => `${what}: ${before}`).join('; '),
        after: differences.map(([what, , after]) => `${what}: ${after}`).join('; '),
        sql: [...reset, ...replace, ...(actual.defaults ? grants : [])],
      });
    }
    const extra = actual.executableBy.filter((role) => !fn.executableBy.includes(role));
    const missing = fn.executableBy.filter((role) => !actual.executableBy.includes(role));
    if (extra.length > 0)
      add({
        kind: 'grant',
        action: 'remove',
        name: `EXECUTE on ${text}`,
        before: actual.executableBy.join(', '),
        after: fn.executableBy.join(', '),
        sql: [
          `REVOKE ALL ON FUNCTION ${text} FROM ${extra.map((role) => (role === 'PUBLIC' ? role : ident(role.replace('*', '')))).join(', ')} CASCADE`,
        ],
      });
    if (missing.length > 0)
      add({
        kind: 'grant',
        action: 'add',
        name: `EXECUTE on ${text}`,
        before: actual.executableBy.join(', '),
        after: fn.executableBy.join(', '),
        sql: [`GRANT EXECUTE ON FUNCTION ${text} TO ${missing.map(ident).join(', ')}`],
      });
  }
  for (const stranger of left) {
    const text = signature(stranger, stranger.types);
    const ours = stranger.schema === 'guard' && stranger.name.startsWith('search_');
    if (isObsolete(stranger)) {
      // Policies and triggers that call it go with their tables, so this comes after all of them.
      add({ kind: 'function', action: 'remove', name: text, phase: 'after', sql: [`DROP FUNCTION ${text}`] });
      continue;
    }
    add({
      kind: 'function',
      action: 'remove',
      name: text,
      sql: ours ? [`DROP FUNCTION ${text}`] : [],
      note: ours ? undefined : `not of this engine: move it out of ${stranger.schema}, or drop it`,
    });
  }
}

/**
 * Functions of the engine that only some registries need, which go without assignments or a flag column, and functions that
 * older versions of the engine made.
 */
const SOMETIMES = new Set([
  'assigned_organizations',
  'console_granted',
  'keep_share',
  'sync_sensitive',
  ...['granted_organizations', 'grants_until', 'console_organizations', 'console_until', 'live_grants'],
]);

function isObsolete({ schema, name, types, owner }: ObservedFunction): boolean {
  const parameters = name === 'live_grants' ? 2 : 0;
  return schema === 'guard' && SOMETIMES.has(name) && types.length === parameters && owner === GUARD_OWNER;
}

function functionDifferences(
  fn: DesiredFunction,
  actual: ObservedFunction,
  context: GuardContext,
): [what: string, before: string, after: string][] {
  const body =
    fn.language === 'sql'
      ? (context.printed.get(printKey('body', undefined, fn.body, context.serverVersion)) ?? '(new)')
      : fn.body;
  const facts: [string, string, string][] = [
    ['source', actual.sqlBody ?? actual.source, body],
    ['language', actual.language, fn.language],
    ['volatility', actual.volatility, fn.volatility],
    ['parallel', actual.parallel, fn.parallel],
    ['security', actual.definer ? 'definer' : 'invoker', fn.definer ? 'definer' : 'invoker'],
    ['leakproof', String(actual.leakproof), 'false'],
    ['strict', String(actual.strict), 'false'],
    ['defaults', String(actual.defaults), 'false'],
    ['support function', String(actual.supported), 'false'],
    [
      'settings',
      actual.config.join(', '),
      fn.config
        .map((each) => each.replace(/^search_path=(.*)$/, (_, path: string) => `search_path=${path}`))
        .join(', '),
    ],
  ];
  return facts.filter(([, before, after]) => before !== after);
}
