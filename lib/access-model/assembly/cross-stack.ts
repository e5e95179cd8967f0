/** What stacks know of each other: exports, outputs by stack name, and the stacks that resources make. */
import type { RawStack } from './assembly';
import { asText } from './marks';
import type { Scope, WantedOutput } from './scope';
import { mark } from './unresolved';

export class CrossStack {
  private readonly scopes = new Map<string, Scope>();
  private readonly exports = new Map<string, () => unknown>();
  /** Outputs whose export name nobody has asked for yet: a name may itself need an import. */
  private readonly unnamed: { scope: Scope; output: string; name: unknown }[] = [];

  add(scope: Scope): void {
    this.scopes.set(scope.stack.id, scope);
    for (const [output, given] of Object.entries(scope.stack.template.Outputs ?? {})) {
      const name = given?.Export?.Name;
      if (name !== undefined) this.unnamed.push({ scope, output, name });
    }
  }

  scope(id: string): Scope | undefined {
    return this.scopes.get(id);
  }

  nested(parent: RawStack, logicalId: string): Scope | undefined {
    return this.scopes.get(`${parent.id}/${logicalId}`);
  }

  /** Exports are of one account and region. */
  imported(by: RawStack, name: string): unknown {
    const wanted = exportKey(by, name);
    while (!this.exports.has(wanted)) {
      const next = this.unnamed.shift();
      if (!next) return mark(`export ${name} is of no stack in the assembly`);
      const key = exportKey(next.scope.stack, asText(next.scope.value(next.name)));
      if (!this.exports.has(key)) this.exports.set(key, () => next.scope.output(next.output));
    }
    return this.exports.get(wanted)?.();
  }

  /** By the name in CloudFormation: in the same region unless another is given, in the same account unless a role tells. */
  outputOfStack(by: RawStack, { stackName, outputName, region, roleArn }: WantedOutput): unknown {
    const account = /^arn:[^:]*:iam::(\d{12}):/.exec(roleArn ?? '')?.[1] ?? by.account;
    const found = [...this.scopes.values()].find(
      ({ stack }) =>
        stack.name === stackName && stack.region === (region || by.region) && stack.account === account,
    );
    return found
      ? found.output(outputName)
      : mark(`output ${outputName} of stack ${stackName}, which is not in the assembly`);
  }
}

const exportKey = ({ account, region }: RawStack, name: string) => `${account}/${region}/${name}`;
