/** Where a technique looks possible and is not. */
import {
  ACCOUNT,
  allow,
  arnOf,
  deployedWith,
  document,
  estate,
  letIn,
  type Resources,
  ref,
  resource,
  role,
  type Statement,
  service,
  techniquesTo,
} from '../../../support/access-estate';
import {
  executing,
  QUEUE,
  REGISTRY,
  runningFunction,
  runningTask,
  STACK_ARN,
  someone,
  TARGET,
  tagged,
} from './techniques.cases';

describe('what a technique does not do', () => {
  const attackerWith = (...may: Statement[]) => ({ Attacker: role({ may }) });

  it('assumes no role that does not trust the account, whatever is allowed', () => {
    const analysis = estate({ Target: role(), ...attackerWith(allow('sts:AssumeRole')) });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('changes no trust of a role of Identity Center', () => {
    const reserved = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/*`;
    const analysis = estate({
      ...someone,
      ...attackerWith(allow(['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'], reserved)),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('makes no credentials of a role', () => {
    const analysis = estate({ Target: role(), ...attackerWith(allow('iam:CreateAccessKey')) });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('replaces no image that a task takes by its digest', () => {
    const digest = `${REGISTRY}/shop/web@sha256:${'a'.repeat(64)}`;
    const analysis = estate({
      ...runningTask(digest),
      Repository: resource('AWS::ECR::Repository', { RepositoryName: 'shop/web' }),
      ...attackerWith(allow('ecr:PutImage')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('takes no repository for another whose name begins alike', () => {
    const analysis = estate({
      ...runningTask(tagged),
      Repository: resource('AWS::ECR::Repository', { RepositoryName: 'shop/we' }),
      ...attackerWith(allow('ecr:PutImage')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('opens no shell in a container that the condition of its policy leaves out', () => {
    const analysis = estate({
      ...runningTask(),
      ...attackerWith(
        allow('ecs:ExecuteCommand', '*', {
          Condition: { StringEquals: { 'ecs:container-name': 'sidecar' } },
        }),
      ),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('changes a stack only where CloudFormation acts as the role', () => {
    const resources = {
      ...executing,
      Other: role({ trusts: service('cloudformation') }),
      ...attackerWith(allow('cloudformation:*', STACK_ARN)),
    };
    const by = (name: string) => ({
      deployment: deployedWith({ executionRole: TARGET.replace('Target', name) }),
    });
    expect(techniquesTo(estate(resources, by('Target')), 'Attacker', 'Target')).toEqual(['stack']);
    expect(techniquesTo(estate(resources, by('Other')), 'Attacker', 'Target')).toBeUndefined();
  });

  it('takes no function for one of a role of the same name in another account', () => {
    const analysis = estate({
      Target: role({ RoleName: 'worker', trusts: service('lambda') }),
      Function: resource('AWS::Lambda::Function', { Role: 'arn:aws:iam::222222222222:role/worker' }),
      ...attackerWith(allow('lambda:UpdateFunctionCode')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('reads no queue by a statement about every other action', () => {
    const analysis = estate({
      Target: role({
        trusts: service('ecs-tasks'),
        Policies: [
          {
            PolicyName: 'others',
            PolicyDocument: document({
              Effect: 'Allow',
              NotAction: 'sqs:ReceiveMessage',
              Resource: arnOf('Queue'),
            }),
          },
        ],
      }),
      Queue: resource('AWS::SQS::Queue'),
      ...attackerWith(allow('sqs:SendMessage', QUEUE)),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('assumes a role that names it without a permission of its own', () => {
    const analysis = estate({
      Target: role({ trusts: { AWS: arnOf('Attacker') } }),
      Stranger: role(),
      ...attackerWith(allow('sts:GetCallerIdentity')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toEqual(['assume-role']);
    expect(techniquesTo(analysis, 'Stranger', 'Target')).toBeUndefined();
  });

  it('sends nothing to a queue whose policy is its only way in, once that is gone', () => {
    const around = (...statements: object[]): Resources => ({
      ...runningFunction,
      Queue: resource('AWS::SQS::Queue'),
      Mapping: resource('AWS::Lambda::EventSourceMapping', {
        FunctionName: arnOf('Function'),
        EventSourceArn: arnOf('Queue'),
      }),
      Policy: resource('AWS::SQS::QueuePolicy', {
        Queues: [ref('Queue')],
        PolicyDocument: document(...statements),
      }),
      Attacker: role(),
    });
    const open = letIn({ AWS: arnOf('Attacker') }, 'sqs:SendMessage');
    const closed = letIn({ AWS: arnOf('Attacker') }, 'sqs:ReceiveMessage');
    expect(techniquesTo(estate(around(open)), 'Attacker', 'Target')).toEqual(['queue']);
    expect(techniquesTo(estate(around(closed)), 'Attacker', 'Target')).toBeUndefined();
  });
});
