/** `npm run -s support-shell -- <command>`: a shell on the database, with a name. */
import { processIo } from '../cli/approvals/io';
import { main } from '../cli/support-shell/main';
import { quietPipes } from '../sql/cli/pipes';

quietPipes();
void main(process.argv.slice(2), processIo()).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
