export { parseStage, StageInvalid } from './parse';
export { type Environment, environmentsOf, type Persona, type Stage, type StageLiteral } from './stage';
