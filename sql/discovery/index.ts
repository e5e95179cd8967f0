export { answerProposal } from './answer';
export type { Choice, OrganizationsKey, Reach, Standing } from './choices';
export { type OrganizationsOptions, organizationsTable } from './organizations-table';
export { type PolicyQuestion, type Proposal, type ProposeOptions, proposeRegistry } from './propose';
export { discover } from './reach';
export { readSchema } from './read-schema';
export type { Schema, SchemaRelation } from './schema';
