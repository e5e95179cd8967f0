/** The steps that give a derived table an organization column of its own. Returns SQL; running it is someone else's job. */
import { ident, qualified } from '../db/names';
import type { ReferentialAction } from '../discovery/schema';
import type { Derived } from './derived';

export interface Step {
  readonly title: string;
  /** Complete: it opens and ends its own transaction where it needs one. Never run it inside another. */
  readonly sql: string;
  readonly why: string;
}

/** Longer than this behind another lock, DDL stalls all traffic that queues behind it. Retry on SQLSTATE 55P03. */
const LOCK_TIMEOUT = '50ms';

/** Foreign keys NOT VALID on a partitioned table exist since 18. */
const PARTITIONED_NOT_VALID = 180000;

const BATCH = 5000;

/** In order. Run them as the migration login: with row security forced, other sessions of the owner see no row. */
export function migrationSteps(derived: Derived, serverVersion: number): Step[] {
  const { table, parent, key, column, type } = derived;
  const child = qualified(table.table);
  const name = (...parts: string[]) => ident(shortened([table.table.name, ...parts].join('_')));
  const steps = [
    ...parentKey(derived),
    {
      title: `Add ${column} to ${table.text}`,
      sql: quickly(`ALTER TABLE ${child} ADD COLUMN ${ident(column)} ${type};`),
      why: 'Nullable and without a default: no rewrite, and the lock is held for an instant.',
    },
    fillNewRows(derived),
    ...nullParents(derived),
    backfill(derived),
  ];

  const foreign = name(column, 'fkey');
  const canWait = table.kind !== 'p' || serverVersion >= PARTITIONED_NOT_VALID;
  const pairs = pairsWithOrganization(derived);
  steps.push({
    title: 'Tie both columns to the same parent row',
    sql: quickly(
      `ALTER TABLE ${child} ADD CONSTRAINT ${foreign}\n  FOREIGN KEY (${pairs.here}) REFERENCES ${qualified(parent.table)} (${pairs.there})\n` +
        `  ON DELETE ${onDelete(key.onDelete, key.columns)} ON UPDATE NO ACTION${canWait ? ' NOT VALID' : ''};`,
    ),
    why: 'From here on a row cannot say another organization than its parent does.',
  });
  if (canWait) {
    steps.push({
      title: 'Check the rows from before',
      sql: `ALTER TABLE ${child} VALIDATE CONSTRAINT ${foreign};`,
      why: 'Reads and writes go on meanwhile.',
    });
  }

  const present = name(column, 'present');
  steps.push(
    {
      title: `Require ${column}`,
      sql: quickly(
        `ALTER TABLE ${child} ADD CONSTRAINT ${present} CHECK (${ident(column)} IS NOT NULL) NOT VALID;`,
      ),
      why: 'SET NOT NULL by itself would read the whole table under an exclusive lock.',
    },
    {
      title: 'Check the rows from before',
      sql: `ALTER TABLE ${child} VALIDATE CONSTRAINT ${present};`,
      why: 'Reads and writes go on meanwhile.',
    },
    {
      title: 'Make it NOT NULL',
      sql: quickly(
        `ALTER TABLE ${child} ALTER COLUMN ${ident(column)} SET NOT NULL;\nALTER TABLE ${child} DROP CONSTRAINT ${present};`,
      ),
      why: 'The validated check is the proof: the table is not read again.',
    },
    {
      title: `Index by ${column} first`,
      sql: `CREATE INDEX ${concurrently(table.kind)}${name(column, 'idx')} ON ${child} (${pairs.here});`,
      why: 'What the policy compares leads; the rest serves the foreign key.',
    },
  );
  return steps;
}

function parentKey({ parent, parentColumn, key }: Derived): Step[] {
  const columns = [parentColumn, ...key.parentColumns.filter((column) => column !== parentColumn)];
  const exists = parent.uniqueKeys.some(
    (one) =>
      !one.partial &&
      !one.expression &&
      !one.temporal &&
      one.immediate &&
      [...one.columns].sort().join('\0') === [...columns].sort().join('\0'),
  );
  if (exists) return [];
  const index = ident(shortened(`${parent.table.name}_${columns.join('_')}_key`));
  return [
    {
      title: `Let ${parent.text} be referenced together with its organization`,
      sql: `CREATE UNIQUE INDEX ${concurrently(parent.kind)}${index} ON ${qualified(parent.table)} (${list(columns)});`,
      why: 'A composite foreign key needs a unique key over both columns.',
    },
  ];
}

function fillNewRows({ table, parent, key, column, parentColumn }: Derived): Step {
  const fill = shortened(`${table.table.name}_fill_${column}`);
  const named = qualified({ schema: table.table.schema, name: fill });
  return {
    title: 'Fill it for rows written from now on',
    sql: quickly(
      `CREATE FUNCTION ${named}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $fill$
BEGIN
  IF NEW.${ident(column)} IS NULL THEN
    SELECT p.${ident(parentColumn)} INTO NEW.${ident(column)} FROM ${qualified(parent.table)} p
     WHERE ${joined(key, 'p', 'NEW')};
  END IF;
  RETURN NEW;
END $fill$;
CREATE TRIGGER ${ident(fill)} BEFORE INSERT OR UPDATE ON ${qualified(table.table)}
  FOR EACH ROW EXECUTE FUNCTION ${named}();`,
    ),
    why: 'Until the application writes the column itself; drop the trigger and its function then.',
  };
}

function nullParents({ table, key, column }: Derived): Step[] {
  if (key.notNull) return [];
  const none = key.columns.map((one) => `${ident(one)} IS NULL`).join(' OR ');
  return [
    {
      title: 'Look at rows without a parent',
      sql: `SELECT count(*) FROM ${qualified(table.table)} WHERE ${none};`,
      why: `They have no organization to take: give each a ${column} by hand, or delete it, or stop here.`,
    },
  ];
}

/** In key order, a transaction per batch: short locks, little bloat, and it can be called again after a failure. */
function backfill({ table, parent, key, column, parentColumn }: Derived): Step {
  const child = qualified(table.table);
  const procedure = qualified({
    schema: table.table.schema,
    name: shortened(`${table.table.name}_backfill_${column}`),
  });
  const primary = table.primaryKey?.columns ?? [];
  const update = (
    which: string,
  ) => `UPDATE ${child} c SET ${ident(column)} = p.${ident(parentColumn)} FROM ${qualified(parent.table)} p
     WHERE ${joined(key, 'p', 'c')} AND c.${ident(column)} IS NULL AND ${which};`;
  const keys = list(primary);
  const prefixed = (prefix: string) => primary.map((one) => `${prefix}${ident(one)}`).join(', ');
  const body =
    primary.length > 0
      ? `DECLARE
  below ${child}%ROWTYPE;
  upto ${child}%ROWTYPE;
  begun boolean := false;
BEGIN
  LOOP
    SELECT * INTO upto FROM (
      SELECT * FROM ${child} t WHERE NOT begun OR (${prefixed('t.')}) > (${prefixed('below.')})
       ORDER BY ${keys} LIMIT batch) s ORDER BY ${primary.map((one) => `${ident(one)} DESC`).join(', ')} LIMIT 1;
    EXIT WHEN NOT FOUND;
    ${update(`(NOT begun OR (${prefixed('c.')}) > (${prefixed('below.')})) AND (${prefixed('c.')}) <= (${prefixed('upto.')})`)}
    COMMIT;
    below := upto;
    begun := true;
  END LOOP;
END`
      : `DECLARE
  changed bigint;
BEGIN
  LOOP
    ${update(`c.ctid = ANY (ARRAY(SELECT t.ctid FROM ${child} t JOIN ${qualified(parent.table)} q ON ${joined(key, 'q', 't')} WHERE t.${ident(column)} IS NULL AND q.${ident(parentColumn)} IS NOT NULL LIMIT batch))`)}
    GET DIAGNOSTICS changed = ROW_COUNT;
    COMMIT;
    EXIT WHEN changed = 0;
  END LOOP;
END`;
  return {
    title: `Fill ${column} from ${parent.text}, ${BATCH} rows at a time`,
    sql: `CREATE PROCEDURE ${procedure}(batch integer DEFAULT ${BATCH}) LANGUAGE plpgsql AS $backfill$
${body} $backfill$;
CALL ${procedure}();
DROP PROCEDURE ${procedure};`,
    why: 'Send the three statements one by one: the procedure commits, which a string of statements forbids.',
  };
}

/** `(organization, parent)` here and there; where the key has the organization in it already, once. */
function pairsWithOrganization({ key, column, parentColumn }: Derived): { here: string; there: string } {
  const rest = key.columns.flatMap((here, at) => {
    const there = key.parentColumns[at];
    return there === undefined || there === parentColumn ? [] : [[here, there] as const];
  });
  return {
    here: list([column, ...rest.map(([here]) => here)]),
    there: list([parentColumn, ...rest.map(([, there]) => there)]),
  };
}

function joined(key: Derived['key'], parent: string, child: string): string {
  return key.columns
    .map((here, at) => `${parent}.${ident(key.parentColumns[at] ?? '')} = ${child}.${ident(here)}`)
    .join(' AND ');
}

/** A plain SET NULL would empty the organization's column too; which columns it empties can be said since 15. */
function onDelete(action: ReferentialAction, columns: readonly string[]): string {
  return action === 'set null' || action === 'set default'
    ? `${action.toUpperCase()} (${list(columns)})`
    : action.toUpperCase();
}

/** PostgreSQL cannot build an index of a partitioned table CONCURRENTLY. */
function concurrently(kind: string): string {
  return kind === 'p' ? '' : 'CONCURRENTLY ';
}

function quickly(sql: string): string {
  return `BEGIN;\nSET LOCAL lock_timeout = '${LOCK_TIMEOUT}';\n${sql}\nCOMMIT;`;
}

function list(columns: readonly string[]): string {
  return columns.map(ident).join(', ');
}

/** At most 63 bytes, as PostgreSQL would cut it, but with the end kept: it says what the object is for. */
function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= 63) return name;
  return `${bytes
    .subarray(0, 30)
    .toString()
    .replace(/\uFFFD+$/u, '')}_${bytes
    .subarray(-30)
    .toString()
    .replace(/^\uFFFD+/u, '')}`;
}
