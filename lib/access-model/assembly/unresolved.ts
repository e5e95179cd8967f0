/**
 * What could not be resolved stays visible: a text that holds a mark matches a pattern only perhaps, and every reader of it
 * has to say what perhaps means there. It is never dropped, and never a wildcard by accident.
 */
const OPEN = '⟦';
const CLOSE = '⟧';

/** Something without a value in these templates, and why. */
export interface Unresolved {
  /** `Stack.LogicalId.Properties.Path`. */
  readonly where: string;
  /** In words: `parameter VpcId has no default`, `Fn::Transform`. */
  readonly what: string;
}

/** A text that stands for a value nobody knows. */
export const mark = (what: string): string => `${OPEN}${what}${CLOSE}`;

export const isMarked = (text: string): boolean => text.includes(OPEN);

/** The literal parts around the marks: one more than there are marks. */
export function literalParts(text: string): string[] {
  return text.split(/⟦[^⟧]*⟧/);
}

/** A name of which nothing is known but that it is one: no other mark promises that there is no colon in it. */
export const ANY_NAME = mark('any name');

/** The literal parts with the marks between them. */
export function partsAndMarks(text: string): string[] {
  return text.split(/(⟦[^⟧]*⟧)/);
}

/** For people: `arn:aws:s3:::<parameter Name has no default>`. */
export function readable(text: string): string {
  return text.replaceAll(OPEN, '<').replaceAll(CLOSE, '>');
}
