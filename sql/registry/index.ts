/** The registry: YAML in, a checked `Registry` or all of its problems out. */
export { registryJsonSchema } from './json-schema';
export { loadRegistry, RegistryInvalid } from './load';
export { type Parsed, parseRegistry } from './parse';
export { formatProblem } from './report';
export * from './types';
