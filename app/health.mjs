/** Asks one address and says by its exit code whether it answered well: the image has no curl. */
const [address = 'http://127.0.0.1:8080/healthz'] = process.argv.slice(2);
try {
  const { ok } = await fetch(address, { signal: AbortSignal.timeout(4000) });
  process.exit(ok ? 0 : 1);
} catch {
  process.exit(1);
}
