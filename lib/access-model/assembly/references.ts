/** What a name in a template means: `Ref` and `Fn::GetAtt`, to resources of the same stack and of nested ones. */
import { type Identity, identityOf } from './arns';
import type { Subject } from './kind';
import type { Scope } from './scope';
import { own } from './template';
import { mark } from './unresolved';

export function identity(scope: Scope, logicalId: string): Identity | undefined {
  const resource = own(scope.stack.template.Resources, logicalId);
  if (!resource) return undefined;
  const subject: Subject = {
    logicalId,
    place: scope.place,
    property: (name) => scope.property(logicalId, name),
  };
  return identityOf(resource.Type, subject);
}

export function refTo(scope: Scope, logicalId: string): unknown {
  return absence(scope, logicalId) ?? identity(scope, logicalId)?.ref;
}

export function attributeOf(scope: Scope, logicalId: string, attribute: string): unknown {
  const absent = absence(scope, logicalId);
  if (absent !== undefined) return absent;
  const [, output] = /^Outputs\.(.+)$/.exec(attribute) ?? [];
  if (
    output !== undefined &&
    own(scope.stack.template.Resources, logicalId)?.Type === 'AWS::CloudFormation::Stack'
  ) {
    const nested = scope.nested(logicalId);
    return nested
      ? nested.output(output)
      : mark(`output ${output} of ${logicalId}, whose template is not in the assembly`);
  }
  return identity(scope, logicalId)?.attribute(attribute);
}

/** A name that stands for nothing is a mistake in the template, which CloudFormation finds; here it is only unknown. */
function absence(scope: Scope, logicalId: string): string | undefined {
  const resource = own(scope.stack.template.Resources, logicalId);
  if (!resource) return mark(`${logicalId} is not in the template`);
  const leftOut = resource.Condition !== undefined && scope.truth(resource.Condition) === false;
  return leftOut ? mark(`${logicalId} is left out by its condition`) : undefined;
}
