/** `npm run -s access -- <command>`: the access model on a command line. */
import { main } from '../lib/access-model/cli/main';
import { quietPipes } from '../sql/cli/pipes';

quietPipes();

const io = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
};

void main(process.argv.slice(2), io).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
