/** A stack as its functions see it: each value is computed once, when something asks for it. */
import type { RawStack } from './assembly';
import { truthOf } from './conditions';
import type { CrossStack } from './cross-stack';
import { evaluate, unknownCall } from './intrinsics';
import { stackArn } from './kind';
import type { Lazy } from './lazy';
import { parameterValue, pseudoParameter } from './parameters';
import { partitionOf } from './partition';
import { attributeOf, refTo } from './references';
import { NO_VALUE, type Place, type Scope, type Truth, type WantedOutput } from './scope';
import { isRecord, own } from './template';
import { mark } from './unresolved';

export class StackScope implements Scope {
  readonly place: Place;

  constructor(
    readonly stack: RawStack,
    private readonly others: CrossStack,
    private readonly lazy: Lazy,
  ) {
    this.place = {
      name: stack.name,
      account: stack.account || mark(`the account of ${stack.id} is not known`),
      region: stack.region || mark(`the region of ${stack.id} is not known`),
      partition: partitionOf(stack.region),
    };
  }

  value(given: unknown): unknown {
    return evaluate(this, given);
  }

  truth(condition: string): Truth {
    const expression = own(this.stack.template.Conditions, condition);
    if (expression === undefined) return { unknown: `condition ${condition} is not in the template` };
    return this.once(`Conditions.${condition}`, () => truthOf(this, expression));
  }

  ref(name: string): unknown {
    const pseudo = pseudoParameter(name, this.place, stackArn(this.place, this.place.name));
    if (pseudo !== undefined) return pseudo;
    const parameter = own(this.stack.template.Parameters, name);
    if (parameter) {
      return this.once(`Parameters.${name}`, () => parameterValue(name, parameter, this.given(name)));
    }
    return this.once(`Resources.${name}.Ref`, () => refTo(this, name));
  }

  attribute(logicalId: string, attribute: string): unknown {
    return this.once(`Resources.${logicalId}.GetAtt.${attribute}`, () =>
      attributeOf(this, logicalId, attribute),
    );
  }

  property(logicalId: string, name: string): unknown {
    const properties = own(this.stack.template.Resources, logicalId)?.Properties;
    if (!properties || !Object.hasOwn(properties, name)) return undefined;
    const value = this.once(`Resources.${logicalId}.Properties.${name}`, () =>
      name.startsWith('Fn::') ? unknownCall(name, properties[name]) : this.value(properties[name]),
    );
    return value === NO_VALUE ? undefined : value;
  }

  /** All of a resource, without those that a condition leaves out. */
  properties(logicalId: string): Record<string, unknown> {
    const names = Object.keys(own(this.stack.template.Resources, logicalId)?.Properties ?? {});
    return Object.fromEntries(
      names
        .map((name) => [name, this.property(logicalId, name)] as const)
        .filter(([, value]) => value !== undefined),
    );
  }

  output(name: string): unknown {
    const output = own(this.stack.template.Outputs, name);
    if (!output) return mark(`${this.stack.id} has no output ${name}`);
    if (output.Condition !== undefined && this.truth(output.Condition) === false) {
      return mark(`output ${name} of ${this.stack.id} is left out by its condition`);
    }
    return this.once(`Outputs.${name}`, () => {
      const value = this.value(output.Value);
      return value === NO_VALUE ? mark(`output ${name} of ${this.stack.id} has no value`) : value;
    });
  }

  imported(name: string): unknown {
    return this.others.imported(this.stack, name);
  }

  outputOfStack(wanted: WantedOutput): unknown {
    return this.others.outputOfStack(this.stack, wanted);
  }

  nested(logicalId: string): Scope | undefined {
    return this.others.nested(this.stack, logicalId);
  }

  /** What the parent gives for a parameter of a nested stack. */
  private given(parameter: string): unknown {
    const { nested } = this.stack;
    const parameters = nested && this.others.scope(nested.parent)?.property(nested.logicalId, 'Parameters');
    // All of them may hang on a condition that nobody knows; then the default is no answer.
    return isRecord(parameters) ? parameters[parameter] : parameters;
  }

  private once<T>(place: string, compute: () => T): T {
    return this.lazy.once(`${this.stack.id}.${place}`, compute);
  }
}
