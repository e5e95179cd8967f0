export { parseStage, StageInvalid } from './parse';
export type { Persona, Stage, StageLiteral } from './stage';
