/** Verifying from the command line. */
import type { Client } from 'pg';
import type { Registry } from '../registry';
import type { VerifyOptions, VerifyReport } from '../verifier/verify';
import type { Context, OptionSpec } from './context';

export interface ProbeOption {
  readonly probes: VerifyOptions['probes'];
}

export const PROBES_OPTION: OptionSpec = {
  flags: '--probes <mode>',
  description:
    'synthetic: with rows that are made and rolled back; existing: with the rows that are there, for production; none: catalog only',
  choices: ['synthetic', 'existing', 'none'],
  default: 'synthetic',
};

export async function verifyFromCommandLine(
  context: Context,
  client: Client,
  registry: Registry,
  { probes }: ProbeOption,
): Promise<VerifyReport> {
  // Fifty rules and the probes: the other commands do not wait for them to load.
  const { verify } = require('../verifier/verify') as typeof import('../verifier/verify');
  const progress = (message: string) => context.progress.show(message);
  return verify(client, registry, { probes, progress });
}
