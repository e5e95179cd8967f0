/** Entering instances that are in no template, because a launch template or a group makes them. */
import {
  ACCOUNT,
  allow,
  estate,
  HERE,
  type Resources,
  ref,
  resource,
  role,
  type Statement,
  service,
  techniquesTo,
} from '../../../support/access-estate';

const profile = (role: string) => resource('AWS::IAM::InstanceProfile', { Roles: [ref(role)] });
const around: Resources = {
  Target: role({ trusts: service('ec2') }),
  Profile: profile('Target'),
  Other: role({ trusts: service('ec2') }),
  OtherProfile: profile('Other'),
};
const profileArn = { 'Fn::GetAtt': ['Profile', 'Arn'] };
const template = (IamInstanceProfile: unknown, more: object = {}) =>
  resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { IamInstanceProfile, ...more } });
const group = (properties: Record<string, unknown>) =>
  resource('AWS::AutoScaling::AutoScalingGroup', properties);
const by = (Version: unknown = { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] }) => ({
  LaunchTemplateId: ref('Template'),
  Version,
});

const reached = (resources: Resources, ...may: Statement[]) =>
  techniquesTo(
    estate({ ...around, ...resources, Attacker: role({ may: [allow('sts:GetCallerIdentity'), ...may] }) }),
    'Attacker',
    'Target',
  );
const INSTANCE = ['instance'];
const anywhere = `arn:aws:ec2:${HERE}:instance/*`;

describe.each<[string, Resources]>([
  ['a launch template, by the ARN of the profile', { Template: template({ Arn: profileArn }) }],
  ['a launch template, by the name of the profile', { Template: template({ Name: ref('Profile') }) }],
  [
    'a launch configuration',
    {
      Configuration: resource('AWS::AutoScaling::LaunchConfiguration', {
        IamInstanceProfile: ref('Profile'),
      }),
    },
  ],
  [
    'an instance that a launch template describes',
    {
      Template: template({ Arn: profileArn }),
      Instance: resource('AWS::EC2::Instance', { LaunchTemplate: by() }),
    },
  ],
])('what %s makes', (_, resources) => {
  it.each(['ssm:StartSession', 'ssm:SendCommand'])('is entered with %s', (action) => {
    expect(reached(resources, allow(action, anywhere))).toEqual(INSTANCE);
    expect(reached(resources, allow(action, `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`))).toBeUndefined();
    expect(reached(resources)).toBeUndefined();
  });
});

it('what a launch template makes with the profile of another role is no instance of this one', () => {
  const other = { Template: template({ Name: ref('OtherProfile') }) };
  expect(reached(other, allow('ssm:StartSession', anywhere))).toBeUndefined();
});

describe('a session on instances with a tag', () => {
  const session = (team: string) =>
    allow('ssm:StartSession', anywhere, { Condition: { StringEquals: { 'ssm:resourceTag/team': team } } });

  it('is one on those that the launch template tags so', () => {
    const TagSpecifications = [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'web' }] }];
    const resources = { Template: template({ Arn: profileArn }, { TagSpecifications }) };
    expect(reached(resources, session('web'))).toEqual(INSTANCE);
    expect(reached(resources, session('data'))).toBeUndefined();
  });

  it('is one on those that the group tags so', () => {
    const resources = (PropagateAtLaunch: boolean) => ({
      Template: template({ Arn: profileArn }),
      Group: group({ LaunchTemplate: by(), Tags: [{ Key: 'team', Value: 'web', PropagateAtLaunch }] }),
    });
    expect(reached(resources(true), session('web'))).toEqual(INSTANCE);
    expect(reached(resources(false), session('web'))).toBeUndefined();
  });
});

describe('a new version of a launch template', () => {
  const make = allow('ec2:CreateLaunchTemplateVersion', `arn:aws:ec2:${HERE}:launch-template/*`);
  const update = allow('autoscaling:UpdateAutoScalingGroup');
  const Template = template({ Arn: profileArn });

  it('becomes the role by a group that is told to use it', () => {
    const resources = { Template, Group: group({ LaunchTemplate: by() }) };
    expect(reached(resources, make, update)).toEqual(INSTANCE);
    expect(reached(resources, make)).toBeUndefined();
    expect(reached(resources, update)).toBeUndefined();
  });

  it('does so where the group mixes templates', () => {
    const mixed = { LaunchTemplate: { LaunchTemplateSpecification: by() } };
    const resources = { Template, Group: group({ MixedInstancesPolicy: mixed }) };
    expect(reached(resources, make, update)).toEqual(INSTANCE);
  });

  it('becomes it at once where the group uses the latest', () => {
    expect(reached({ Template, Group: group({ LaunchTemplate: by('$Latest') }) }, make)).toEqual(INSTANCE);
  });

  it('becomes it where it is made the default that the group uses', () => {
    const resources = { Template, Group: group({ LaunchTemplate: by('$Default') }) };
    expect(reached(resources, make, allow('ec2:ModifyLaunchTemplate'))).toEqual(INSTANCE);
    expect(reached(resources, make)).toBeUndefined();
  });

  it('does nothing where no group uses it', () => {
    expect(reached({ Template, Group: group({}) }, make, update)).toBeUndefined();
  });
});
