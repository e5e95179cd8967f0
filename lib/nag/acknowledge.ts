/**
 * Acknowledgements of rules that do not hold here: at the resource, each with a reason, somebody who answers for it, and
 * an end. A test fails on one that lapsed, or that matches no finding any more (`test/cdk/nag.test.ts`).
 */
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Acknowledgement {
  /**
   * Findings as cdk-nag names them: `AwsSolutions-S1`; rules that look at single statements want the finding itself,
   * `AwsSolutions-IAM5[Resource::*]`.
   */
  readonly rules: readonly string[];
  readonly reason: string;
  /** A team, not a person: people leave. */
  readonly owner: string;
  /** Last day, `2027-06-30`. */
  readonly until: string;
}

const recorded = new WeakMap<IConstruct, Acknowledgement[]>();

/** Covers the construct and everything below it. */
export function acknowledge(construct: IConstruct, ...acknowledgements: readonly Acknowledgement[]): void {
  for (const acknowledgement of acknowledgements) {
    const { rules, reason, owner, until } = acknowledgement;
    if (rules.length === 0 || !reason.trim() || !owner.trim() || !/^\d{4}-\d{2}-\d{2}$/.test(until)) {
      throw new Error(
        `an acknowledgement at ${construct.node.path} needs rules, a reason, an owner and a last day such as 2027-06-30`,
      );
    }
    Validations.of(construct).acknowledge(
      ...rules.map((id) => ({ id, reason: `${reason} (${owner}, until ${until})` })),
    );
    recorded.set(construct, [...(recorded.get(construct) ?? []), acknowledgement]);
  }
}

/** Those at this construct itself. */
export function acknowledgementsAt(construct: IConstruct): readonly Acknowledgement[] {
  return recorded.get(construct) ?? [];
}
