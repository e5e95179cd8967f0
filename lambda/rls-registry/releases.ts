/**
 * Which releases were verified in this database. A rollback is known by that and by nothing else: CloudFormation sends
 * it as an update like any other. See docs/adr/0006-registry-function.md.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';
import { GUARD_OWNER } from '../../sql/compiler/our-names';
import { readMigrations } from '../../sql/db/migrate';
import { withTransaction } from '../../sql/db/transaction';

export interface Release {
  readonly id: string;
  /** The day on which it was first verified, `YYYY-MM-DD`: its exceptions held then. */
  readonly day: string;
}

/** More than a pipeline rolls back over. */
const REMEMBERED = 20;

/**
 * Hash of everything the package brings: registry, migrations, and the stamp of the stack. Undefined when it could not
 * tell a new deploy from an old one: without migrations of its own and without a stamp.
 */
export async function releaseId(
  registryFile: string,
  migrationsDir: string | undefined,
  stamp: string | undefined,
): Promise<string | undefined> {
  if (migrationsDir === undefined && !stamp) return undefined;
  const migrations = migrationsDir === undefined ? [] : await readMigrations(migrationsDir);
  const content = {
    registry: await readFile(registryFile, 'utf8').catch(() => ''),
    migrations: migrations.map(({ name, checksum }) => [name, checksum]),
    stamp: stamp ?? '',
  };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The newest last. None when nothing was ever applied here. */
export async function readReleases(client: Client): Promise<Release[]> {
  const { rows } = await client.query<{ readable: boolean }>(
    `SELECT pg_catalog.pg_has_role(r.oid, 'MEMBER') AS readable
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_catalog.pg_roles r ON r.rolname = $1
     WHERE n.nspname = 'guard' AND c.relname = 'state'`,
    [GUARD_OWNER],
  );
  if (!rows[0]?.readable) return [];
  return withTransaction(
    client,
    async () => {
      await client.query(`SET LOCAL ROLE ${GUARD_OWNER}`);
      const state = await client.query<{ releases: Release[] | null }>(
        `SELECT detail OPERATOR(pg_catalog.->) 'releases' AS releases FROM guard.state`,
      );
      return state.rows[0]?.releases ?? [];
    },
    { readOnly: true },
  );
}

/** Puts the release at the end of the list, unless it stands there: a deploy without changes writes nothing. */
export async function rememberRelease(
  client: Client,
  known: readonly Release[],
  release: Release,
): Promise<void> {
  if (known.at(-1)?.id === release.id) return;
  const releases = [...known.filter((each) => each.id !== release.id), release].slice(-REMEMBERED);
  await withTransaction(client, async () => {
    await client.query(`SET LOCAL ROLE ${GUARD_OWNER}`);
    await client.query(
      `UPDATE guard.state SET detail = pg_catalog.jsonb_set(detail, '{releases}', $1::jsonb)`,
      [JSON.stringify(releases)],
    );
  });
}
