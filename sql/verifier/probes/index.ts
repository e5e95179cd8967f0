/** Probes: isolation as behaviour, measured as each role. */
export { findings } from './findings';
export {
  type Evidence,
  type Measurement,
  type ProbeMode,
  type ProbeOptions,
  type ProbeReport,
  runProbes,
  type Unproved,
} from './probe';
export { planRows, RowPlans } from './row-plan';
export { RowMaker } from './synthesize';
