/** Whether a view shows its reader only what the reader may see. */
import type { Schema, SchemaRelation } from './schema';

/** Why a view cannot simply be listed under `views:`; undefined when it can. */
export function viewGap(view: SchemaRelation, schema: Schema): string | undefined {
  const read = view.reads.flatMap((oid) => schema.relations.get(oid) ?? []);
  const names = (relations: readonly SchemaRelation[]) => relations.map((one) => one.text).join(', ');
  if (!view.securityInvoker) {
    const of = read.length === 0 ? 'what it reads' : `rows of ${names(read)}`;
    return `shows ${of} as its owner ${view.owner} sees them; set security_invoker = true and list it under views`;
  }
  const asOwner = read.filter((one) => one.kind === 'v' && !one.securityInvoker);
  if (asOwner.length > 0) return `is security_invoker, but reads ${names(asOwner)}, which is not`;
  const unprotected = read.filter((one) => one.kind === 'm' || one.kind === 'f');
  if (unprotected.length > 0) return `reads ${names(unprotected)}, which row security cannot protect`;
  return undefined;
}
