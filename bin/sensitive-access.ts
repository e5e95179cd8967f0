/** `npm run -s sensitive-access -- <command>`: requests, approvals and grants on a command line. */
import { processIo } from '../cli/approvals/io';
import { main } from '../cli/sensitive-access/main';
import { processInterrupts } from '../sql/cli/interrupts';
import { quietPipes } from '../sql/cli/pipes';

quietPipes();
// What is half done is done once more, or never: a call has an id.
processInterrupts(() => process.stderr.write('\ninterrupted\n'));
// The SDK reminds of Node 22 before every answer; package.json says which versions we support.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

void main(process.argv.slice(2), processIo()).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
