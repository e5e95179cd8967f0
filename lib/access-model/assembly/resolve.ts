/** From templates to resources with concrete values. */
import type { Assembly, RawStack, Resolved, ResolvedStackHead, Resource, TemplateResource } from './assembly';
import { CrossStack } from './cross-stack';
import { Lazy } from './lazy';
import { asText, marksWithin } from './marks';
import { identity } from './references';
import { StackScope } from './stack-scope';
import { isRecord } from './template';
import type { Unresolved } from './unresolved';

/** Beside new functions, which are resolved here like the others, it only has `Fn::ForEach`, which is listed where it stands. */
const HARMLESS_TRANSFORM = 'AWS::LanguageExtensions';

/**
 * Every intrinsic function becomes its value; what has none becomes a mark, and is listed.
 *
 * @throws Problem where values need each other in a circle.
 */
export function resolve(assembly: Assembly): Resolved {
  const scopes = scopesOf(assembly);
  const present = scopes.filter((scope) => isPresent(scope, scopes));
  const stacks: ResolvedStackHead[] = [];
  const resources: Resource[] = [];
  const unresolved: Unresolved[] = [];
  for (const scope of present) {
    const head = headOf(scope);
    stacks.push(head);
    unresolved.push(...macrosOf(scope.stack));
    for (const [logicalId, given] of membersOf(scope.stack)) {
      const truth = given.Condition === undefined || scope.truth(given.Condition);
      if (truth === false) continue;
      const id = `${head.id}.${logicalId}`;
      if (truth !== true) unresolved.push({ where: `${id}.Condition`, what: truth.unknown });
      const made = resourceOf(scope, head, logicalId, given);
      const resource = truth === true ? made : { ...made, perhaps: true };
      resources.push(resource);
      unresolved.push(...marksWithin(resource.properties, `${id}.Properties`));
      if (given.Type === 'AWS::CloudFormation::StackSet') {
        unresolved.push({ where: id, what: 'what a stack set makes in its accounts' });
      }
      if (given.Type === 'AWS::CloudFormation::Stack' && !scope.nested(logicalId)) {
        unresolved.push({ where: id, what: 'the template of a nested stack that is not in the assembly' });
      }
    }
  }
  return { stacks, resources, unresolved };
}

function scopesOf({ stacks }: Assembly): StackScope[] {
  const others = new CrossStack();
  const lazy = new Lazy();
  return stacks.map((stack) => {
    const scope = new StackScope(stack, others, lazy);
    others.add(scope);
    return scope;
  });
}

/** A stack whose resource in the parent is left out is not there, nor are the stacks in it. */
function isPresent(scope: StackScope, scopes: readonly StackScope[]): boolean {
  const { nested } = scope.stack;
  if (!nested) return true;
  const parent = scopes.find(({ stack }) => stack.id === nested.parent);
  if (!parent) return true;
  const condition = parent.stack.template.Resources?.[nested.logicalId]?.Condition;
  const leftOut = condition !== undefined && parent.truth(condition) === false;
  return !leftOut && isPresent(parent, scopes);
}

function headOf({ stack, place }: StackScope): ResolvedStackHead {
  const { id, name, account, region, deployment } = stack;
  return { id, name, account, region, partition: place.partition, deployment };
}

function resourceOf(
  scope: StackScope,
  stack: ResolvedStackHead,
  logicalId: string,
  { Type: type, Metadata }: TemplateResource,
): Resource {
  const path = Metadata?.['aws:cdk:path'];
  return {
    id: `${stack.id}.${logicalId}`,
    stack,
    logicalId,
    type,
    properties: scope.properties(logicalId),
    ref: asText(scope.ref(logicalId)),
    arn: identity(scope, logicalId)?.arn,
    path: typeof path === 'string' ? path.replace(/\/Resource$/, '') : undefined,
  };
}

/** Without the macros and loops that stand among the resources. */
function membersOf({ template }: RawStack): [string, TemplateResource][] {
  return Object.entries(template.Resources ?? {}).filter(
    ([name, given]) => isRecord(given) && !isMacro(name),
  );
}

/** What a macro adds to a template or changes in it is not in the assembly. */
function macrosOf({ id, template }: RawStack): Unresolved[] {
  const { Transform: given } = template as { readonly Transform?: unknown };
  const transforms = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return [
    ...transforms
      .map((each: unknown) => (isRecord(each) ? asText(each.Name) : String(each)))
      .filter((name) => name !== HARMLESS_TRANSFORM)
      .map((name) => ({ where: `${id}.Transform`, what: `Transform ${name}` })),
    ...[...Object.keys(template), ...Object.keys(template.Resources ?? {})]
      .filter(isMacro)
      .map((name) => ({ where: `${id}.${name}`, what: name })),
  ];
}

const isMacro = (name: string) => name.startsWith('Fn::');
