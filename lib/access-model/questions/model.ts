/** Answers questions about an estate: finds the policies that have a say, and asks them. */

import type { Estate, Principal } from '../estate/estate';
import { levelsOf } from '../estate/organization';
import { ADMINISTRATOR } from '../estate/outsiders';
import type { Decision } from '../evaluate/decision';
import { type Assume, evaluate, type Layers } from '../evaluate/evaluate';
import { type Request, requestOf } from '../evaluate/request';
import { type Context, UNKNOWN } from '../policy/context';
import { type Policy, parsePolicy } from '../policy/document';
import { Lookup } from './lookup';

export interface Question {
  readonly principal: Principal;
  /** `service:Action`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  readonly context?: Context;
  /**
   * Ask the floor: as if the principal were allowed everything by its own policies. What is still refused is refused by
   * somebody else, or explicitly.
   */
  readonly floor?: boolean;
}

/** What somebody attaches in a hurry. */
const EVERYTHING = parsePolicy('the floor', {
  Version: '2012-10-17',
  Statement: { Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' },
});

/** Every request between accounts of an organization has them, and no template says which organization it is. */
const OF_THE_ORGANIZATION: Context = new Map(
  ['aws:principalorgid', 'aws:principalorgpaths', 'aws:resourceorgid', 'aws:resourceorgpaths'].map((key) => [
    key,
    UNKNOWN,
  ]),
);

export class Model {
  readonly lookup: Lookup;
  private readonly levels = new Map<string, readonly (readonly Policy[])[]>();

  constructor(readonly estate: Estate) {
    this.lookup = new Lookup(estate);
  }

  request({ principal, action, resource, context = new Map() }: Question): Request {
    const arn = this.lookup.canonical(resource, action);
    const target = this.lookup.target(arn);
    const account = this.lookup.accountOf(arn, principal.caller);
    const keys = new Map([
      ...OF_THE_ORGANIZATION,
      ...principal.keys,
      ...(target?.keys ?? []),
      ...keysOfArn(arn),
      ...context,
    ]);
    return requestOf(principal.caller, action, arn, keys, account ? { account } : {});
  }

  layers(principal: Principal, request: Request, floor = false): Layers {
    const identity = floor ? [...principal.identity, EVERYTHING] : principal.identity;
    const resource = this.resourcePolicy(request);
    const endpoint = this.endpointPolicy(request);
    return {
      identity,
      ...(principal.boundary ? { boundary: principal.boundary } : {}),
      ...(resource ? { resource } : {}),
      ...(endpoint ? { endpoint } : {}),
      serviceControl: this.levelsOf('service-control', request.caller.account),
      resourceControl: this.levelsOf('resource-control', request.account),
    };
  }

  decide(question: Question, assume: Assume = 'strict'): Decision {
    const request = this.request(question);
    return evaluate(request, this.layers(question.principal, request, question.floor), assume);
  }

  /** By name, ARN, ARN of a session, logical id or construct path; several are an error of whoever asks. */
  find(name: string): readonly Principal[] {
    const { principals } = this.estate;
    const exact = principals.filter((each) => namesOf(each).includes(name));
    if (exact.length > 0) return exact;
    const folded = name.toLowerCase();
    const byCase = principals.filter((each) => namesOf(each).some((own) => own.toLowerCase() === folded));
    if (byCase.length > 0) return byCase;
    const set = /AWSReservedSSO_(.+)_[0-9a-f?*]{1,16}(\/|$)/.exec(name)?.[1];
    const names = [set, `${set} in ${/::(\d{12}):/.exec(name)?.[1]}`];
    return set ? principals.filter((each) => each.kind === 'person' && names.includes(each.name)) : [];
  }

  private resourcePolicy({ action, resource }: Request): Policy | undefined {
    const target = this.lookup.target(resource);
    if (target?.type === 'AWS::IAM::Role' || /^arn:[^:]+:iam::\d+:role\//.test(resource)) {
      return action.toLowerCase().startsWith('sts:') ? this.trust(resource) : undefined;
    }
    // That of an endpoint limits what passes it, and says nothing of who may change it.
    return target?.type === 'AWS::EC2::VPCEndpoint' ? undefined : target?.policy;
  }

  private trust(arn: string): Policy | undefined {
    return this.estate.principals.find(({ caller }) => caller.arn === arn)?.trust;
  }

  private endpointPolicy({ context }: Request): Policy | undefined {
    const [id] = context.get('aws:sourcevpce') ?? [];
    if (id === undefined) return undefined;
    return this.estate.targets.find(({ type, name }) => type === 'AWS::EC2::VPCEndpoint' && name === id)
      ?.policy;
  }

  private levelsOf(
    kind: 'service-control' | 'resource-control',
    account: string,
  ): readonly (readonly Policy[])[] {
    const id = `${kind} ${account}`;
    const known = this.levels.get(id);
    if (known) return known;
    const levels = levelsOf(this.estate.organization, kind, account);
    this.levels.set(id, levels);
    return levels;
  }
}

function namesOf({ name, kind, caller, id = '', path = '' }: Principal): string[] {
  const last = caller.arn.split('/').at(-1) ?? '';
  const aliases = kind === 'administrator' && name.startsWith(ADMINISTRATOR) ? ['administrator'] : [];
  return [
    name,
    caller.arn,
    caller.session ?? '',
    id,
    id.split('.').at(-1) ?? '',
    path,
    last,
    ...aliases,
  ].filter(Boolean);
}

/** Keys that follow from the ARN itself: the cluster that a task runs in. */
function keysOfArn(arn: string): [string, readonly string[]][] {
  const [, prefix, cluster] =
    /^(arn:[^:]+:ecs:[^:]+:\d+:)(?:task|service|container-instance)\/([^/]+)\//.exec(arn) ?? [];
  return prefix && cluster ? [['ecs:cluster', [`${prefix}cluster/${cluster}`]]] : [];
}
