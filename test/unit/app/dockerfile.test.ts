/** What must hold of the image, read from the file that makes it. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const text = readFileSync(path.join(__dirname, '../../../app/Dockerfile'), 'utf8');
const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('#'));
const of = (instruction: string) => lines.filter((line) => line.startsWith(`${instruction} `));

test('the base is an argument without a default: whoever builds names a digest', () => {
  expect(of('ARG')).toEqual(['ARG NODE_IMAGE']);
  const base = '$'.concat('{NODE_IMAGE}');
  expect(of('FROM')).toEqual([`FROM ${base} AS build`, `FROM ${base}`]);
});

test('runs as an ordinary user, by number, and what it runs belongs to somebody else', () => {
  expect(of('USER')).toEqual(['USER 1000:1000']);
  const last = lines.lastIndexOf('USER 1000:1000');
  expect(lines.slice(last).some((line) => line.startsWith('RUN'))).toBe(false);
  expect(of('COPY').at(-1)).toBe('COPY --from=build --chown=0:0 /out/ ./');
});

test('has what transcripts and the shell need, or is not built', () => {
  // One at a time: the shell of Debian looks at the first name only.
  expect(text).toContain('for tool in script cat psql; do command -v "$tool" || exit 1; done');
});

test('fetches nothing from an address, carries no secret, and its packages run no scripts', () => {
  expect(of('ADD')).toEqual([]);
  expect(text).not.toMatch(/curl|wget|https?:|PASSWORD|SECRET|TOKEN/);
  expect(text).toContain('npm ci --omit=dev --ignore-scripts');
});

test('a shell in it keeps no history of its own: there is the transcript', () => {
  expect(text).toContain('HISTFILE=/dev/null');
  // psql by one name, with a login made for it; executable in the repository, hence in the image.
  expect(text).toContain('COPY --chown=0:0 app/support-shell/tz-psql /usr/local/bin/');
  expect(statSync(path.join(__dirname, '../../../app/support-shell/tz-psql')).mode & 0o777).toBe(0o755);
});

test('says how it is, and how it wants to end', () => {
  expect(text).toMatch(/HEALTHCHECK .*\/app\/health\.mjs/);
  expect(text).toContain('STOPSIGNAL SIGTERM');
});
