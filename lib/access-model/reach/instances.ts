/**
 * Entering what EC2 runs as a role: instances of the templates, and those that a launch template or an Auto Scaling group
 * makes, which are in no template.
 */
import type { Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import type { Way } from '../capabilities/capability';
import { ANY_INSTANCE, anyOf, isCalled, step, way } from '../capabilities/ways';
import type { Estate, Principal } from '../estate/estate';
import { items, record, tagsOf, text } from '../estate/properties';
import type { Technique } from './technique';

const ENTERING = [
  'ssm:StartSession',
  'ssm:SendCommand',
  'ec2-instance-connect:SendSSHPublicKey',
  'ec2:ModifyInstanceAttribute',
];

export const INSTANCE: Technique = {
  id: 'instance',
  verb: 'enters an instance of',
  ways: (target, estate) => {
    const profiles = profilesOf(target, estate);
    if (profiles.length === 0) return [];
    const launching = launchingWith(profiles, estate);
    const groups = groupsOf(launching, estate);
    return [
      ...instancesOf(profiles, launching, estate).flatMap(({ arn }) => (arn ? anyOf(ENTERING, [arn]) : [])),
      ...launching.flatMap((each) => enteringAny(each, groups)),
      ...groups.flatMap(({ group, by }) => replacing(group, by)),
    ];
  },
};

interface Scaling {
  readonly group: Resource;
  /** What it launches with. */
  readonly by: Resource;
}

function profilesOf({ caller }: Principal, { resources }: Estate): Resource[] {
  const name = caller.arn.split('/').at(-1);
  return resources.filter(
    ({ type, properties, stack }) =>
      type === 'AWS::IAM::InstanceProfile' &&
      stack.account === caller.account &&
      items(properties.Roles).includes(name),
  );
}

/** Profiles are named by name or by ARN, and are of an account. */
function isWith(profiles: readonly Resource[], by: Resource, profile: unknown): boolean {
  const { Name, Arn } = record(profile);
  const name = text(profile) ?? text(Arn) ?? text(Name);
  return profiles.some(
    (each) =>
      each.stack.account === by.stack.account && name !== undefined && [each.ref, each.arn].includes(name),
  );
}

const isInstanceWith = (profiles: readonly Resource[], each: Resource): boolean =>
  each.type === 'AWS::EC2::Instance' && isWith(profiles, each, each.properties.IamInstanceProfile);

function instancesOf(
  profiles: readonly Resource[],
  launching: readonly Resource[],
  { resources }: Estate,
): Resource[] {
  return resources.filter(
    (each) =>
      isInstanceWith(profiles, each) ||
      (each.type === 'AWS::EC2::Instance' &&
        launching.some((by) => isLaunchedBy(each, each.properties.LaunchTemplate, by))),
  );
}

function launchingWith(profiles: readonly Resource[], { resources }: Estate): Resource[] {
  return resources.filter((each) => {
    const { LaunchTemplateData, IamInstanceProfile } = each.properties;
    if (each.type === 'AWS::EC2::LaunchTemplate')
      return isWith(profiles, each, record(LaunchTemplateData).IamInstanceProfile);
    return (
      each.type === 'AWS::AutoScaling::LaunchConfiguration' && isWith(profiles, each, IamInstanceProfile)
    );
  });
}

function groupsOf(launching: readonly Resource[], { resources }: Estate): Scaling[] {
  return resources
    .filter(({ type }) => type === 'AWS::AutoScaling::AutoScalingGroup')
    .flatMap((group) => {
      const { LaunchConfigurationName: configuration } = group.properties;
      return launching
        .filter((by) =>
          by.type === 'AWS::EC2::LaunchTemplate'
            ? templatesIn(group).some((each) => isLaunchedBy(group, each, by))
            : isCalled(placeOf(by), text(configuration), placeOf(group)),
        )
        .map((by) => ({ group, by }));
    });
}

/** The template that a group names, and those that it mixes. */
function templatesIn({ properties }: Resource): unknown[] {
  const mixed = record(record(properties.MixedInstancesPolicy).LaunchTemplate);
  const overrides = items(mixed.Overrides).map((each) => record(each).LaunchTemplateSpecification);
  return [properties.LaunchTemplate, mixed.LaunchTemplateSpecification, ...overrides];
}

function isLaunchedBy(one: Resource, specification: unknown, template: Resource): boolean {
  const { LaunchTemplateId, LaunchTemplateName } = record(specification);
  const isHere = template.stack.account === one.stack.account && template.stack.region === one.stack.region;
  const named = [template.ref, text(template.properties.LaunchTemplateName)].filter(
    (each) => each !== undefined,
  );
  return (
    isHere && [text(LaunchTemplateId), text(LaunchTemplateName)].some((name) => name && named.includes(name))
  );
}

const placeOf = ({ ref, arn, stack: { account, region } }: Resource) => ({ name: ref, arn, account, region });

/** One that could be running, with the tags that it is launched with. */
function enteringAny(by: Resource, groups: readonly Scaling[]): Way[] {
  const { partition, account, region } = by.stack;
  const prefix = `arn:${partition}:ec2:${region}:${account}:instance/`;
  const tagged = [
    launchTags(by),
    ...groups.filter((each) => each.by === by).map(({ group }) => groupTags(group)),
  ];
  return tagged.flatMap((tags) =>
    ANY_INSTANCE.flatMap((name) => ENTERING.map((action) => way(step(action, `${prefix}${name}`, tags)))),
  );
}

function launchTags({ properties }: Resource): Record<string, string> {
  const specifications = items(record(properties.LaunchTemplateData).TagSpecifications).map(record);
  return keysOf(
    specifications.filter(({ ResourceType }) => ResourceType === 'instance').flatMap((each) => tagsOf(each)),
  );
}

function groupTags({ properties }: Resource): Record<string, string> {
  const launched = items(properties.Tags).filter((each) => String(record(each).PropagateAtLaunch) === 'true');
  return keysOf(tagsOf({ Tags: launched }));
}

/** As each of the services calls the tags of an instance. */
function keysOf(tags: readonly [string, string][]): Record<string, string> {
  return Object.fromEntries(
    tags
      .filter(([, value]) => !isMarked(value))
      .flatMap(([key, value]) => ['aws', 'ec2', 'ssm'].map((of) => [`${of}:ResourceTag/${key}`, value])),
  );
}

/** A version with another script to start with, for the instances that the group launches next. */
function replacing(group: Resource, by: Resource): Way[] {
  if (by.type !== 'AWS::EC2::LaunchTemplate' || !by.arn || !group.arn) return [];
  const make = step('ec2:CreateLaunchTemplateVersion', by.arn);
  const versions = templatesIn(group).map((each) => record(each).Version);
  return [
    way(make, step('autoscaling:UpdateAutoScalingGroup', group.arn)),
    ...(versions.includes('$Latest') ? [way(make)] : []),
    ...(versions.includes('$Default') ? [way(make, step('ec2:ModifyLaunchTemplate', by.arn))] : []),
  ];
}
