/** Which owner was found at the first apply: remembered per table, and a table that was made anew is another table. */
import type { Relation } from '../compiler/bound';

/** The number alone would not survive a restored backup, the name alone would outlive the table. */
export const ownerKey = ({ oid, text }: Relation): string => `${oid} ${text}`;
