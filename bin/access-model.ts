/** `npm run -s access -- <command>`: the access model on a command line. */
import { main } from '../lib/access-model/cli/main';

// A reader that has seen enough closes the pipe: no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const io = {
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
};

void main(process.argv.slice(2), io).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
