/** What the documents name is there: files, links, rules, error codes, npm scripts, commands. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SQLSTATE } from '../../sql/db/errors';
import { rules } from '../../sql/verifier/rules';

const ROOT = path.join(__dirname, '../..');
const isThere = (...parts: string[]) => existsSync(path.join(ROOT, ...parts));

interface Page {
  /** From the root. */
  readonly file: string;
  readonly text: string;
}

const PAGES: Page[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...(readdirSync(path.join(ROOT, 'docs'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));

const scripts = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).scripts as Record<
  string,
  string
>;
const commands = readdirSync(path.join(ROOT, 'sql/cli/commands')).map((name) => name.replace('.ts', ''));
/** Findings that no catalog rule makes: drift, stale exceptions, probes. */
const OTHER_FINDINGS = ['TZ100', 'TZ192', 'TZ201', 'TZ202', 'TZ203', 'TZ204'];
const codes = new Set([...rules.map((rule) => rule.id), ...Object.values(SQLSTATE), ...OTHER_FINDINGS]);

const CHECKS: {
  what: string;
  find: RegExp;
  exists: (name: string, page: Page) => boolean;
  absent: string;
}[] = [
  {
    what: 'links lead to files',
    find: /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g,
    exists: (name, { file }) => isThere(path.dirname(file), name),
    absent: '[page](nowhere.md)',
  },
  {
    what: 'paths in code spans exist, but for patterns like TZ1nn',
    find: /`((?:app|bench|bin|cli|docs|lambda|lib|local|scripts|sql|test)\/[\w./-]+)`/g,
    exists: (name) => /\dnn/i.test(name) || isThere(name),
    absent: '`sql/nowhere.ts`',
  },
  {
    what: 'rules and error codes exist',
    find: /\b(TZ\d{3})\b/g,
    exists: (name) => codes.has(name),
    absent: 'TZ999',
  },
  {
    what: 'npm scripts exist',
    find: /npm run (?:-s )?([\w:-]+)/g,
    exists: (name) => name in scripts,
    absent: 'npm run nowhere',
  },
  {
    what: 'commands of rls exist',
    find: /`rls ([a-z]+)/g,
    exists: (name) => commands.includes(name),
    absent: '`rls nowhere`',
  },
];

/** Names that nothing answers to, as `file: name`. */
function missing(pages: readonly Page[], { find, exists }: (typeof CHECKS)[number]): string[] {
  return pages.flatMap((page) =>
    [...page.text.matchAll(find)]
      .map((match) => match[1] as string)
      .filter((name) => !exists(name, page))
      .map((name) => `${page.file}: ${name}`),
  );
}

test.each(CHECKS)('$what', (check) => {
  expect(missing(PAGES, check)).toEqual([]);
  // The check sees what is missing, and finds something to look at.
  expect(missing([{ file: 'docs/x.md', text: check.absent }], check)).toHaveLength(1);
  expect(PAGES.some(({ text }) => text.match(check.find))).toBe(true);
});
