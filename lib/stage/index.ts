export { parseStage, StageInvalid } from './parse';
export {
  approversOf,
  type Environment,
  environmentsOf,
  heardBy,
  type Persona,
  type Stage,
  type StageLiteral,
} from './stage';
