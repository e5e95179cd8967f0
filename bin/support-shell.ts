/** `npm run -s support-shell -- <command>`: a shell on the database, with a name. */
import { processIo } from '../cli/approvals/io';
import { main } from '../cli/support-shell/main';
import { quietPipes } from '../sql/cli/pipes';

quietPipes();
// The SDK reminds of Node 22 before every answer; package.json says which versions we support.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

void main(process.argv.slice(2), processIo()).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
