/** `npm run -s rls -- <command>`: the registry engine on a command line. */
import { main } from '../sql/cli/main';

void main(process.argv.slice(2)).then((code) => {
  // Not process.exit(): what is still on its way into a pipe would be cut off.
  process.exitCode = code;
});
