/** The intrinsic functions of CloudFormation: an expression in, its value out. */
import { cidr } from './cidr';
import { truthOf } from './conditions';
import { asText, unknownIn } from './marks';
import { NO_VALUE, type Scope, type Truth } from './scope';
import { isRecord, own } from './template';
import { join, select, split, sub, withoutDynamicReferences } from './text-functions';
import { mark } from './unresolved';

/** Takes the argument as it stands in the template: `Fn::If` must not look at the branch that is not taken. */
type Intrinsic = (scope: Scope, argument: unknown) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (scope, name) => (typeof name === 'string' ? scope.ref(name) : malformed('Ref')),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': eager(join),
  'Fn::Select': eager(select),
  'Fn::Split': eager(split),
  'Fn::FindInMap': findInMap,
  'Fn::If': choose,
  'Fn::Equals': logical('Fn::Equals'),
  'Fn::And': logical('Fn::And'),
  'Fn::Or': logical('Fn::Or'),
  'Fn::Not': logical('Fn::Not'),
  'Fn::Base64': eager((text) => known(text, () => Buffer.from(asText(text)).toString('base64'))),
  'Fn::Cidr': eager((given) => known(given, () => cidr(given) ?? malformed('Fn::Cidr'))),
  'Fn::GetAZs': getAzs,
  'Fn::ImportValue': (scope, name) => known(scope.value(name), (text) => scope.imported(asText(text))),
  'Fn::GetStackOutput': getStackOutput,
  'Fn::Length': eager((list) =>
    Array.isArray(list) ? list.length : known(list, () => malformed('Fn::Length')),
  ),
  'Fn::ToJsonString': eager((value) => JSON.stringify(value)),
};

/** Everything that can be known; a mark for the rest. */
export function evaluate(scope: Scope, given: unknown): unknown {
  if (typeof given === 'string') return withoutDynamicReferences(given);
  if (Array.isArray(given))
    return given.map((each) => evaluate(scope, each)).filter((each) => each !== NO_VALUE);
  if (!isRecord(given)) return given;
  const entries = Object.entries(given);
  const [first] = entries;
  if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    return call(scope, ...first);
  }
  return Object.fromEntries(
    entries
      // Beside other members only a macro or a loop can stand: what they become is not known, the rest is.
      .map(([key, value]) => [key, key.startsWith('Fn::') ? unknownCall(key, value) : evaluate(scope, value)])
      .filter(([, value]) => value !== NO_VALUE),
  );
}

function call(scope: Scope, name: string, argument: unknown): unknown {
  const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
  return intrinsic ? intrinsic(scope, argument) : unknownCall(name, argument);
}

/** `Fn::Transform AWS::Include`, `Fn::ForEach::Buckets`, and functions that came after this was written. */
export function unknownCall(name: string, argument: unknown): string {
  const macro = isRecord(argument) && typeof argument.Name === 'string' ? ` ${argument.Name}` : '';
  return mark(`${name}${macro}`);
}

function getAtt(scope: Scope, argument: unknown): unknown {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot < 0
      ? malformed('Fn::GetAtt')
      : scope.attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  if (!Array.isArray(argument) || argument.length < 2) return malformed('Fn::GetAtt');
  const [logicalId, ...attribute] = argument.map((part) => asText(scope.value(part)));
  return known([logicalId, ...attribute], () => scope.attribute(logicalId ?? '', attribute.join('.')));
}

function findInMap(scope: Scope, argument: unknown): unknown {
  if (!Array.isArray(argument) || argument.length < 3) return malformed('Fn::FindInMap');
  const keys = argument.slice(0, 3).map((key) => asText(scope.value(key)));
  return known(keys, () => {
    const [map = '', first = '', second = ''] = keys;
    const found = own(own(own(scope.stack.template.Mappings, map), first), second);
    if (found !== undefined) return scope.value(found);
    const options: unknown = argument[3];
    if (isRecord(options) && 'DefaultValue' in options) return scope.value(options.DefaultValue);
    return mark(`mapping ${map} has no ${first}.${second}`);
  });
}

function choose(scope: Scope, argument: unknown): unknown {
  if (!Array.isArray(argument) || argument.length !== 3) return malformed('Fn::If');
  const [condition, then, otherwise] = argument;
  const truth = scope.truth(String(condition));
  if (typeof truth !== 'boolean') return mark(`condition ${condition}: ${truth.unknown}`);
  return scope.value(truth ? then : otherwise);
}

/** Three zones are what most regions have; which ones an account gets under these letters matters to no policy. */
function getAzs(scope: Scope, argument: unknown): unknown {
  const region = asText(scope.value(argument)) || scope.place.region;
  return known(region, () => ['a', 'b', 'c'].map((zone) => `${region}${zone}`));
}

function getStackOutput(scope: Scope, argument: unknown): unknown {
  const given = scope.value(argument);
  const [StackName, OutputName, Region, RoleArn] = Array.isArray(given)
    ? given
    : isRecord(given)
      ? [given.StackName, given.OutputName, given.Region, given.RoleArn]
      : [];
  if (OutputName === undefined) return known(given, () => malformed('Fn::GetStackOutput'));
  const text = (value: unknown) => (value === undefined ? undefined : asText(value));
  return known([StackName, OutputName, Region], () =>
    scope.outputOfStack({
      stackName: text(StackName) ?? scope.stack.name,
      outputName: asText(OutputName),
      region: text(Region),
      roleArn: text(RoleArn),
    }),
  );
}

function logical(name: string): Intrinsic {
  return (scope, argument) => {
    const truth: Truth = truthOf(scope, { [name]: argument });
    return typeof truth === 'boolean' ? truth : mark(truth.unknown);
  };
}

function eager(compute: (argument: unknown) => unknown): Intrinsic {
  return (scope, argument) => compute(scope.value(argument));
}

/** What is computed from an unknown value is unknown. */
function known<T>(value: T, compute: (value: T) => unknown): unknown {
  const unknown = unknownIn(value);
  return unknown === undefined ? compute(value) : mark(unknown);
}

const malformed = (name: string) => mark(`${name} with arguments it does not take`);
