/** `audit verify`: whether the ledger is what was written. */

import { Refused } from '../../approvals/errors';
import type { Io } from '../../approvals/io';
import { allEntries } from '../ledger-source';
import { type HeadsOptions, readHeads, withLedger } from '../open';
import type { PlaceOptions } from '../options';
import { renderVerification, type Verification } from '../render/verification';
import { ChainCheck } from '../verify-chain';

export interface VerifyOptions extends PlaceOptions, HeadsOptions {
  readonly withoutHeads?: boolean;
}

/** @throws Refused `ledger-broken`, `no-heads` */
export async function runVerify(options: VerifyOptions, io: Io): Promise<void> {
  // Heads first: what is written while we read makes the ledger longer than they say, never shorter.
  const heads = options.withoutHeads ? [] : await readHeads(options, io);
  const check = new ChainCheck(heads);
  await withLedger(options, io, async (ledger) => {
    for await (const entry of allEntries(ledger)) if (!check.add(entry)) break;
  });
  const { entries, headsThatAgree, broken } = check.finish();
  const verification: Verification = {
    entries,
    broken: broken ?? null,
    heads: { exported: heads.length, agree: headsThatAgree, newest: check.newest ?? null },
  };
  io.stdout(
    options.format === 'json'
      ? `${JSON.stringify(verification, null, 2)}\n`
      : renderVerification(verification, io.now()),
  );
  if (broken) {
    throw new Refused(
      'ledger-broken',
      `the ledger is not what was written: entry ${broken.sequence} is the first that is not`,
      'keep a snapshot of the database and see docs/runbook.md: nobody but a superuser can have done this',
    );
  }
  if (heads.length === 0 && !options.withoutHeads) {
    throw new Refused(
      'no-heads',
      'no head was ever exported: whether entries are gone from the end cannot be told',
      'the approval function exports one a minute while the ledger grows: see its log; --without-heads checks the chain alone',
    );
  }
}
