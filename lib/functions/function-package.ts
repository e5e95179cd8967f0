/** A function's deployment package, built before the synth. */
import type { Code } from 'aws-cdk-lib/aws-lambda';

export interface FunctionPackage {
  readonly code: Code;
  /** Hash of its content: what a custom resource has as its release. */
  readonly hash: string;
}
