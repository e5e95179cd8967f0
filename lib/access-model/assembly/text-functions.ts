/** The functions that put texts together and take them apart, with marks inside. */
import { asText, unknownIn } from './marks';
import { NO_VALUE, type Scope } from './scope';
import { isRecord } from './template';
import { isMarked, literalParts, mark, readable } from './unresolved';

/** `{{resolve:ssm:/name}}` is replaced at deployment, by a value that no template shows. */
export function withoutDynamicReferences(text: string): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replaceAll(/\{\{(resolve:[^{}]*)\}\}/g, (_, reference: string) =>
    mark(`dynamic reference ${readable(reference)}`),
  );
}

/** `Fn::Join: [delimiter, list]`. Parts of a dynamic reference become one only here. */
export function join(argument: unknown): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) return malformed('Fn::Join', argument);
  const [delimiter, list] = argument;
  if (!Array.isArray(list)) return malformed('Fn::Join', list);
  return withoutDynamicReferences(list.map(asText).join(asText(delimiter)));
}

/** `Fn::Select: [index, list]`. */
export function select(argument: unknown): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) return malformed('Fn::Select', argument);
  const [index, list] = argument;
  if (!Array.isArray(list) || unknownIn(index) !== undefined) return malformed('Fn::Select', argument);
  const found: unknown = list[Number(index)];
  if (found !== undefined) return found;
  return mark(unknownIn(list) ?? `Fn::Select of element ${asText(index)} of a list of ${list.length}`);
}

/**
 * `Fn::Split: [delimiter, text]`. A mark may hold the delimiter itself: from the part with the first mark on, only what
 * stands before that mark is sure.
 */
export function split(argument: unknown): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) return malformed('Fn::Split', argument);
  const [delimiter, given] = argument.map(asText);
  if (!delimiter || given === undefined || isMarked(delimiter)) return malformed('Fn::Split', argument);
  const unknown = unknownIn(given);
  if (unknown === undefined) return given.split(delimiter);
  const sure = (literalParts(given)[0] ?? '').split(delimiter);
  const count = given.split(delimiter).length;
  return Array.from({ length: Math.max(count, sure.length) }, (_, index) => {
    if (index < sure.length - 1) return sure[index];
    return index === sure.length - 1 ? `${sure[index]}${mark(unknown)}` : mark(unknown);
  });
}

/** `Fn::Sub: text` or `[text, values]`; `${!x}` is the text `${x}`. */
export function sub(scope: Scope, argument: unknown): unknown {
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isRecord(values)) return malformed('Fn::Sub', argument);
  const replaced = text.replaceAll(/\$\{([^{}]*)\}/g, (_, inner: string) => {
    if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
    const value = named(scope, inner.trim(), values);
    return value === NO_VALUE ? '' : asText(value);
  });
  return withoutDynamicReferences(replaced);
}

function named(scope: Scope, name: string, values: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(values, name)) return scope.value(values[name]);
  const dot = name.indexOf('.');
  return dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
}

const malformed = (name: string, argument: unknown) =>
  mark(unknownIn(argument) ?? `${name} with arguments it does not take`);
