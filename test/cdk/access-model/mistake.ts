/** A mistake in the templates, and the check that is for it. */

// biome-ignore lint/suspicious/noExplicitAny: templates, as CloudFormation reads them
export type Any = any;
export interface Mistake {
  readonly title: string;
  /** Of the check that is for it. */
  readonly check: string;
  /** In the id of a failure. */
  readonly failure: RegExp;
  /** By the stack's id and the beginning of logical ids, the resources to spoil. */
  readonly plant: (resource: (stack: string, logicalId: string) => Any, stack: (id: string) => Any) => void;
}

export const statements = (resource: Any, property: string): Any[] => resource.Properties[property].Statement;
export const named = (all: Any[], sid: string): Any => {
  const found = all.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(`no statement ${sid}`);
  return found;
};
export const drop = (all: Any[], sid: string): void => void all.splice(all.indexOf(named(all, sid)), 1);
