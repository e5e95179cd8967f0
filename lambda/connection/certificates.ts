/** The authorities that may vouch for the database. Without them nothing is connected to. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CommandError } from '../../sql/db/errors';

const NEXT =
  'Put the PEM bundle of the database authorities there: scripts/bundle-rls-registry.ts copies it into the package.';

/**
 * Reads the PEM file, and parses every certificate in it: a download that ended as an HTML page must not wait for the
 * first connection to be noticed.
 *
 * @throws {CommandError} `certificates-unreadable` or `certificates-invalid`
 */
export function readCertificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(
      'certificates-unreadable',
      `cannot read the certificates in ${file}: ${code}`,
      NEXT,
    );
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new CommandError('certificates-invalid', `${file} holds no certificate`, NEXT);
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch {
      throw new CommandError(
        'certificates-invalid',
        `certificate ${index + 1} of ${blocks.length} in ${file} is damaged`,
        NEXT,
      );
    }
  }
  return blocks.join('\n');
}
