/** Plays Lambda for one call: imports the bundle as the runtime does, and reports what the handler did. */
import { pathToFileURL } from 'node:url';

process.once('message', async ({ bundle, call, event, remainingMs, token }) => {
  const until = Date.now() + remainingMs;
  const context = { getRemainingTimeInMillis: () => until - Date.now() };
  const report = (message) => process.send(message, () => process.disconnect());
  try {
    const module = await import(pathToFileURL(bundle).href);
    const handlers =
      token === undefined
        ? module
        : module.createFunction({
            environment: process.env,
            packageDir: new URL('.', pathToFileURL(bundle)).pathname,
            credentials: {
              token: async () => token,
              secret: () => Promise.reject(new Error('not asked for')),
            },
            write: (line) => process.stdout.write(`${line}\n`),
          });
    report({ result: (await handlers[call](event, context)) ?? null });
  } catch (error) {
    // All that Lambda would write of it.
    const { name, message, stack, cause, ...rest } = error;
    report({ error: { name, message, stack, cause: cause && String(cause), rest } });
  }
});
