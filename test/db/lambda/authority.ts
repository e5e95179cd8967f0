/** A certificate authority for tests, by the openssl program. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Authority {
  /** PEM file. */
  readonly certificate: string;
  /** Makes a server certificate for the name. Returns PEM files. */
  issue(name: string): { certificate: string; key: string };
}

export function makeAuthority(directory: string, name: string): Authority {
  const file = (suffix: string) => path.join(directory, `${name}${suffix}`);
  const openssl = (...parts: string[]) => execFileSync('openssl', parts, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', file('.key'), '-out', file('.pem')],
  );
  return {
    certificate: file('.pem'),
    issue(host) {
      const key = file(`-${host}.key`);
      const certificate = file(`-${host}.pem`);
      const request = file(`-${host}.csr`);
      const extensions = file(`-${host}.ext`);
      writeFileSync(extensions, `subjectAltName=DNS:${host}`);
      openssl('req', ...newKey, '-subj', '/CN=server', '-keyout', key, '-out', request);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', file('.pem'), '-CAkey', file('.key'), '-CAcreateserial'],
        ...['-days', '2', '-extfile', extensions, '-out', certificate],
      );
      return { key, certificate };
    },
  };
}
