// @ts-check
// The SDK reminds of Node 22 in every worker; package.json says which versions we support.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** ESM-only packages that jest (CommonJS mode) must transpile. Add a name when a test reports "Must use import to load ES Module". */
const esmOnly = ['node-pg-migrate', '@scure/base', '@noble/hashes'];

/** @type {import('jest').Config} */
const base = {
  testEnvironment: 'node',
  transform: { '^.+\\.(ts|js|mjs)$': /** @type {any} */ (swc) },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  restoreMocks: true,
};

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    { ...base, displayName: 'cdk', testMatch: ['<rootDir>/test/cdk/**/*.test.ts'] },
    {
      ...base,
      displayName: 'db',
      testMatch: ['<rootDir>/test/db/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/pg-setup.ts',
      globalTeardown: '<rootDir>/test/support/pg-teardown.ts',
    },
  ],
};
