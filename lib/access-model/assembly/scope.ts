/** What a function of a template may ask of the stack that it stands in. */
import type { RawStack } from './assembly';

/** `AWS::NoValue`: whoever holds it leaves the member out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** True, false, or why nobody knows. */
export type Truth = boolean | { readonly unknown: string };

/** The stack's part of an ARN; account and region are marks where the assembly does not say. */
export interface Place {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

export interface Scope {
  readonly stack: RawStack;
  readonly place: Place;
  /** With every function in it replaced by its value. */
  value(given: unknown): unknown;
  /** Of the condition with this name. */
  truth(condition: string): Truth;
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  /** Of a resource of this stack; `undefined` where it is absent. */
  property(logicalId: string, name: string): unknown;
  output(name: string): unknown;
  /** What a stack of the same account and region exports under this name. */
  imported(name: string): unknown;
  outputOfStack(wanted: WantedOutput): unknown;
  /** The stack that a resource of this stack makes. */
  nested(logicalId: string): Scope | undefined;
}

export interface WantedOutput {
  readonly stackName: string;
  readonly outputName: string;
  readonly region?: string;
  /** Tells the account of the stack, where it is another's. */
  readonly roleArn?: string;
}
