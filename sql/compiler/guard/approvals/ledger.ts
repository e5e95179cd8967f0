/** The ledger: what happened, each entry sealed with the hash of the one before it. Only ever added to. */
import { SQLSTATE } from '../../../db/errors';
import { type FunctionShape, plpgsql } from '../shape';
import { CALLER, INTERNAL, iso, raise, WRITES } from './input';

const damaged = `RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.guardDamaged}', MESSAGE = 'the end of the ledger is not known: nothing can be written down, so nothing is done',
      HINT = 'see docs/runbook.md';`;

/** Of an entry, as its writers say it. */
const ENTRY = [
  { name: 'event', type: 'text' },
  CALLER,
  { name: 'organization', type: 'text' },
  { name: 'request', type: 'uuid' },
  { name: 'detail', type: 'jsonb' },
];

export function ledgerFunctions(gate: string, auditor: string): FunctionShape[] {
  return [
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'refuse_rewriting',
      returns: 'trigger',
      definer: false,
      // For the owner too: whoever switches it off has to alter the table first, and the hashes tell.
      body: `
BEGIN
  RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'the ledger is only ever added to';
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'refuse_gap',
      returns: 'trigger',
      definer: false,
      body: `
BEGIN
  IF NOT EXISTS (SELECT FROM guard.ledger_end e WHERE e.sequence = NEW.sequence - 1 AND e.hash = NEW.previous) THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'an entry of the ledger follows the last one';
  END IF;
  RETURN NEW;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'append',
      parameters: ENTRY,
      returns: 'bigint',
      // The time is that of writing: entries are in the order of their times.
      body: `
DECLARE
  before guard.ledger_end;
  entry text;
  seal bytea;
BEGIN
  SELECT * INTO before FROM guard.ledger_end e FOR UPDATE;
  IF NOT FOUND THEN
    ${damaged}
  END IF;
  entry := jsonb_build_object(
    'sequence', before.sequence + 1,
    'at', (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    'event', event,
    'person', caller -> 'person', 'login', caller -> 'login', 'persona', caller -> 'persona',
    'organization', organization, 'request', request,
    'detail', coalesce(detail, '{}'::jsonb))::text;
  seal := sha256(before.hash || convert_to(entry, 'UTF8'));
  INSERT INTO guard.ledger (sequence, body, previous, hash) VALUES (before.sequence + 1, entry, before.hash, seal);
  UPDATE guard.ledger_end SET sequence = before.sequence + 1, hash = seal;
  RETURN before.sequence + 1;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'record_openings',
      returns: 'void',
      // Whoever redeems a ticket ends their transaction when they like: they only note that it happened (vault.sessions), and
      // must not hold the ledger meanwhile. The next entry of anybody else brings it in. What is locked waits for the one after.
      body: `
DECLARE
  s record;
BEGIN
  PERFORM FROM guard.ledger_end e FOR UPDATE;
  FOR s IN SELECT o.hash, o.opened_at, t.* FROM vault.sessions o JOIN vault.tickets t ON t.id = o.shell WHERE NOT o.recorded
      ORDER BY o.opened_at, o.shell FOR UPDATE OF o SKIP LOCKED LOOP
    PERFORM guard.append('shell-opened', jsonb_build_object('person', s.person, 'login', s.login, 'persona', s.persona), NULL, NULL,
      jsonb_build_object('shell', s.id, 'service', s.service, 'write', s.write, 'reason', s.reason, 'ticket', s.ticket,
        'openedAt', (extract(epoch FROM s.opened_at) * 1000000)::bigint));
    UPDATE vault.sessions o SET recorded = true WHERE o.hash = s.hash;
  END LOOP;
END`,
    }),
    plpgsql({
      ...WRITES,
      ...INTERNAL,
      name: 'record',
      parameters: ENTRY,
      returns: 'bigint',
      // The end of the ledger is the last lock for which a transaction waits.
      body: `
BEGIN
  PERFORM guard.record_openings();
  RETURN guard.append(event, caller, organization, request, detail);
END`,
    }),
    plpgsql({
      name: 'ledger_head',
      returns: 'jsonb',
      // What is exported. Null: nothing has happened yet. The last entry and the end must agree.
      body: `
DECLARE
  head record;
BEGIN
  SELECT e.sequence, e.hash, l.hash AS sealed, l.at INTO head
    FROM guard.ledger_end e LEFT JOIN guard.ledger l ON l.sequence = e.sequence;
  IF NOT FOUND OR head.sealed IS DISTINCT FROM (CASE WHEN head.sequence = 0 THEN NULL ELSE head.hash END)
     OR EXISTS (SELECT FROM guard.ledger l WHERE l.sequence > head.sequence) THEN
    ${damaged}
  END IF;
  IF head.sequence = 0 THEN
    RETURN NULL;
  END IF;
  RETURN jsonb_build_object('sequence', head.sequence, 'hash', encode(head.hash, 'hex'),
    'at', ${iso(`timestamptz 'epoch' + head.at * interval '1 microsecond'`)});
END`,
      executableBy: [auditor, gate].sort(),
    }),
    plpgsql({
      name: 'ledger_page',
      parameters: [
        { name: 'after', type: 'bigint' },
        { name: 'page', type: 'integer' },
      ],
      returns: 'SETOF guard.ledger',
      body: `
BEGIN
  IF (after >= 0 AND page BETWEEN 1 AND 10000) IS NOT TRUE THEN
    ${raise('requestInvalid', 'a page has 1 to 10000 entries, after one of them or after 0')}
  END IF;
  RETURN QUERY SELECT l.* FROM guard.ledger l WHERE l.sequence > after ORDER BY l.sequence LIMIT page;
END`,
      executableBy: [auditor],
    }),
  ];
}
