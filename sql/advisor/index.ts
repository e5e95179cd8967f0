export { type Advice, type AdviseOptions, advise } from './advise';
export { belongingsOfBound, belongingsOfReach } from './derived';
export { adviceJson, adviceText } from './render';
