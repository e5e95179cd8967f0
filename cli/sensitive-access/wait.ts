/** `request --wait`: asks until the request is decided, or lapses. Ctrl-C ends the waiting; the request stays. */
import type { RequestView } from '../../lambda/approvals/protocol';
import { Refused } from '../approvals/errors';
import { EXIT, type ExitCode } from '../approvals/exit-codes';
import { plain } from '../approvals/plain';
import { count } from '../approvals/table';
import type { Session } from './command';
import { request, state } from './render/request';

/** Milliseconds between two looks: soon at first, for whoever sits beside the approver. */
const pause = (looks: number) => Math.min(3000 + looks * 500, 15_000);

/** @throws {Refused} when it is denied, withdrawn or lapses */
export async function untilDecided(session: Session, asked: RequestView): Promise<ExitCode> {
  const { io, approvals, progress } = session;
  session.tell('Waiting. Ctrl-C ends the waiting, not the request.');
  let view = asked;
  for (let looks = 0; view.state === 'pending'; looks += 1) {
    progress.show(`waiting: ${plain(state(view, io.now()))}`);
    await io.sleep(pause(looks));
    const next = await approvals.call('show', { request: asked.id });
    for (const { approver } of next.codesGiven.slice(view.codesGiven.length))
      progress.note(
        plain(
          `${approver} has given a code: ${count(next.codesNeeded - next.codesGiven.length, 'code')} to go`,
        ),
      );
    view = next;
  }
  progress.clear();
  session.print(view, () => request(view, io.now()));
  if (view.state !== 'approved' && view.state !== 'ended') {
    throw new Refused(
      `request-${view.state}`,
      `the request is ${view.state}`,
      'talk to the approvers, and ask again',
    );
  }
  return EXIT.ok;
}
