export { type Decisions, decisions, decisionsCheck } from './decisions';
export { parseDecisions, renderDecisions } from './decisions-text';
export { type Direction, MUTANT_KINDS, type Mutant, type MutantKind } from './mutant';
export { mutantsOf } from './mutants';
export { type MutateOptions, mutate } from './mutate';
export { type Probe, Prober } from './probes';
export { renderReport, reportToJson } from './render';
export {
  type Equivalence,
  type MutationReport,
  type Outcome,
  type Score,
  scoreOf,
  scoresByKind,
} from './report';
export { withPolicy } from './with-policy';
