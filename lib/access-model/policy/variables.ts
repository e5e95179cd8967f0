/**
 * Policy variables: `${aws:PrincipalTag/team, 'none'}`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import type { Context } from './context';
import { valuesOf } from './context';
import { LITERAL } from './literal';

/** Undefined: a variable has no value in this request, and no default. The text then matches nothing. */
export function substitute(text: string, context: Context): string | undefined {
  if (!text.includes('${')) return text;
  let missing = false;
  const result = text.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    if (inner === '*' || inner === '?' || inner === '$') return LITERAL[inner];
    const [, key = '', fallback] = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const value = valuesOf(context, key.toLowerCase());
    // Of several values none is *the* value.
    if (value?.length === 1) return literal(value[0] as string);
    if (fallback !== undefined) return literal(fallback);
    missing = true;
    return whole;
  });
  return missing ? undefined : result;
}

/** A value is not a pattern, whatever it holds. */
function literal(value: string): string {
  return value.replaceAll('*', LITERAL['*']).replaceAll('?', LITERAL['?']);
}
