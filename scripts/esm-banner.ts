/**
 * What CommonJS code expects around it, for bundles in the form of ES modules. The names are prefixed: a bundle may have its
 * own `createRequire`.
 */
export const ESM_BANNER = [
  `import{createRequire as __tzRequire}from'node:module'`,
  `import{fileURLToPath as __tzPath}from'node:url'`,
  `import{dirname as __tzDirname}from'node:path'`,
  'const require=__tzRequire(import.meta.url),__filename=__tzPath(import.meta.url),__dirname=__tzDirname(__filename);',
].join(';');
