/** The import rules of the layout: which folder may know which. A new import that breaks one fails here. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const FOLDERS = ['app', 'bench', 'bin', 'cli', 'lambda', 'lib', 'local', 'scripts', 'sql', 'test'] as const;

interface Import {
  /** The importing file, from the root. */
  readonly file: string;
  /** What it imports: a file from the root, or a package. */
  readonly target: string;
}

function files(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return files(name);
    return /\.(ts|mts|js|mjs)$/.test(entry.name) ? [name] : [];
  });
}

/** Static imports, re-exports, `import()` and `require()` with a literal name. */
function importsOf(file: string, source: string): Import[] {
  const names = [...source.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] as string,
  );
  return names.map((name) => ({
    file,
    target: name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name,
  }));
}

const RULES: { rule: string; allows: (each: Import) => boolean }[] = [
  {
    rule: 'sql/ imports nothing else of ours',
    allows: ({ file, target }) => !file.startsWith('sql/') || !isOurs(target) || target.startsWith('sql/'),
  },
  {
    rule: 'lib/access-model/ imports nothing else of ours',
    allows: ({ file, target }) =>
      !file.startsWith('lib/access-model/') || !isOurs(target) || target.startsWith('lib/access-model/'),
  },
  {
    rule: 'lib/ takes from lambda/ only contracts',
    allows: ({ file, target }) =>
      !file.startsWith('lib/') || !target.startsWith('lambda/') || /\/contract$/.test(target),
  },
  {
    rule: 'lib/ takes from app/ only its contract',
    allows: ({ file, target }) =>
      !file.startsWith('lib/') || !target.startsWith('app/') || target === 'app/contract',
  },
  {
    rule: 'a contract imports nothing of ours: both sides of it must be able to',
    allows: ({ file, target }) => !/^(lambda\/.*|app)\/contract\.ts$/.test(file) || !isOurs(target),
  },
  {
    rule: 'aws-cdk-lib appears only in lib/, the CDK entry, and tests',
    allows: ({ file, target }) =>
      !/^(aws-cdk-lib|constructs)(\/|$)/.test(target) ||
      /^(lib\/|test\/|bin\/app\.ts|bin\/stages\/|bench\/world\/empty-app\.ts)/.test(file),
  },
  {
    rule: 'cli/ takes from lambda/ only what callers and the function say to each other, and from app/ its contract',
    allows: ({ file, target }) =>
      !file.startsWith('cli/') ||
      !/^(lambda|app|lib)\//.test(target) ||
      /^(lambda\/approvals\/(contract|protocol|call-digest)|app\/contract)$/.test(target),
  },
  {
    rule: 'what runs in AWS knows neither command lines nor the endpoints of one machine',
    allows: ({ file, target }) => !/^(app|lambda|lib|sql)\//.test(file) || !/^(cli|local)\//.test(target),
  },
  {
    rule: 'nothing but tests imports bin/',
    allows: ({ file, target }) =>
      !target.startsWith('bin/') || file.startsWith('test/') || file.startsWith('bin/'),
  },
  {
    rule: 'nothing but tests and benchmarks imports test/ or bench/',
    allows: ({ file, target }) => !/^(test|bench)\//.test(target) || /^(test|bench)\//.test(file),
  },
  {
    rule: 'what users run does not need development packages',
    allows: ({ file, target }) =>
      !['jest', '@logto/schemas', 'ajv', '@swc/core', 'fast-check'].some(
        (name) => target === name || target.startsWith(`${name}/`),
      ) || file.startsWith('test/'),
  },
];

function isOurs(target: string): boolean {
  return FOLDERS.some((folder) => target.startsWith(`${folder}/`));
}

const all = FOLDERS.filter((folder) => statSync(path.join(ROOT, folder), { throwIfNoEntry: false }))
  .flatMap(files)
  .flatMap((file) => importsOf(file, readFileSync(path.join(ROOT, file), 'utf8')));

test.each(RULES)('$rule', ({ allows }) => {
  expect(all.filter((each) => !allows(each))).toEqual([]);
});

test('the rules see imports of every form, and object to each kind of breach', () => {
  const source = `import a from '../lib/x'; export * from '../bin/rls'; const b = await import('../test/y'); require('../../app/z');`;
  expect(importsOf('sql/db/file.ts', source).map((each) => each.target)).toEqual([
    'sql/lib/x',
    'sql/bin/rls',
    'sql/test/y',
    'app/z',
  ]);
  const breaches: Import[] = [
    { file: 'sql/a.ts', target: 'lambda/b' },
    { file: 'lib/access-model/a.ts', target: 'lib/stacks/b' },
    { file: 'lib/a.ts', target: 'lambda/rls-registry/handler' },
    { file: 'lib/a.ts', target: 'app/server' },
    { file: 'lambda/rls-registry/contract.ts', target: 'sql/registry' },
    { file: 'sql/a.ts', target: 'aws-cdk-lib/aws-s3' },
    { file: 'cli/a.ts', target: 'lambda/approvals/handler' },
    { file: 'lambda/a.ts', target: 'local/aws/server' },
    { file: 'sql/a.ts', target: 'bin/rls' },
    { file: 'sql/a.ts', target: 'test/support/engine' },
    { file: 'sql/a.ts', target: '@logto/schemas' },
  ];
  RULES.forEach(({ allows }, i) => {
    expect(allows(breaches[i] as Import)).toBe(false);
  });
  expect(all.length).toBeGreaterThan(200);
});
