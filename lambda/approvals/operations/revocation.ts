/** Ending a grant early, and saying what became of it. */
import { fieldsOf } from '../../connection/edge';
import { MESSAGES } from '../notify';
import type { CountedTable } from '../probe';
import { endBackends, endShells, proveGone } from '../revoke';
import type { Operations, Work } from '../work';
import { visible } from './requests';

/** Seen by nobody. */
const NOTHING = { rows: 0, tables: 0, control: false } as const;

export const revocation: Operations<'revoke'> = {
  async revoke(work, { request: id, reason }) {
    const { gate, caller, measurements, notify, log } = work;
    // Somebody else's is unknown to whoever may end only their own.
    await visible(work, id);
    const ended = await gate.revoke(caller, id, reason);
    const committed = performance.now();
    measurements.count('revocations');
    const { request } = ended;
    // Withdrawn before anybody approved it: nothing was open, and there is nothing to look at.
    if (request.grant === null) {
      await notify.tell(MESSAGES.revoked(request, caller.login, true));
      const shells = { ended: 0, failed: [] };
      return { request, sessions: 0, shells, proof: { ...NOTHING, afterMs: 0 }, proved: true };
    }
    const prover = { ...work, counted: () => countedTables(work) };
    // Asked once more now that it is committed: a session that began in between may keep an older view of the rows.
    const since = await gate.revoke(caller, id, reason);
    const [backends, shells] = await Promise.all([
      endBackends(prover, since.backends),
      endShells(prover, since.shells),
    ]);
    const seen = await proveGone(prover, caller, ended).catch((error: unknown) => {
      log.line('error', 'not-proved', fieldsOf(error));
      return NOTHING;
    });
    const afterMs = Math.round(performance.now() - committed);
    const failed = [...backends.failed, ...shells.failed];
    const proved = seen.rows === 0 && seen.control && failed.length === 0;
    const proof = { ...seen, afterMs };
    await gate.revoked(caller, id, {
      ...proof,
      proved,
      sessions: backends.ended,
      shells: shells.ended,
      failed,
    });
    await notify.tell(MESSAGES.revoked(request, caller.login, proved));
    return {
      request,
      sessions: backends.ended,
      shells: { ended: shells.ended, failed },
      proof,
      proved,
    };
  },
};

/** The tables of the registry, and which of their rows are an organization's. */
async function countedTables({ client }: Work): Promise<readonly CountedTable[]> {
  const { rows } = await client.query<{ tables: CountedTable[] | null }>(
    'select guard.counted_tables() as tables',
  );
  return rows[0]?.tables ?? [];
}
