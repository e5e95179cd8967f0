/** Why a table is treated as it is: data from `explainTable`, text from `renderExplanation`. */
export { explainTable } from './explain';
export type * from './explanation';
export { renderExplanation } from './render';
