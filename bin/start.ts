/** `npm start`: the platform on one machine. */
import { start } from '../sql/local/start';

void start(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
