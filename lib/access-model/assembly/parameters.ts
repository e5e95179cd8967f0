/** The values of parameters: the parent's for a nested stack, else the default. */
import type { TemplateParameter } from './assembly';
import { asText, unknownIn } from './marks';
import { urlSuffixOf } from './partition';
import type { Place } from './scope';
import { NO_VALUE } from './scope';
import { mark } from './unresolved';

/** @param given By the resource that makes a nested stack. */
export function parameterValue(name: string, parameter: TemplateParameter, given: unknown): unknown {
  const { Type: type = 'String' } = parameter;
  const value = given ?? parameter.Default;
  if (value === undefined || value === null) return mark(`parameter ${name} has no default`);
  if (type.startsWith('AWS::SSM::Parameter::Value<')) {
    return mark(`parameter ${name} is read from SSM: ${unknownIn(value) ?? asText(value)}`);
  }
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  if (!isList || Array.isArray(value)) return isList ? value : asText(value);
  const text = asText(value);
  // Where the members end is as unknown as the text.
  if (unknownIn(text) !== undefined) return text;
  return text === '' ? [] : text.split(',').map((member) => member.trim());
}

/** `undefined` for a name that is no pseudo parameter. */
export function pseudoParameter(name: string, place: Place, stackId: string): unknown {
  switch (name) {
    case 'AWS::AccountId':
      return place.account;
    case 'AWS::Region':
      return place.region;
    case 'AWS::Partition':
      return place.partition;
    case 'AWS::URLSuffix':
      return urlSuffixOf(place.region);
    case 'AWS::StackName':
      return place.name;
    case 'AWS::StackId':
      return stackId;
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return NO_VALUE;
    default:
      return undefined;
  }
}
