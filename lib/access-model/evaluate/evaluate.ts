/**
 * The policy evaluation logic of AWS, in one account and across accounts.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { Certainty } from '../policy/certainty';
import type { Policy } from '../policy/document';
import { applies, statementsFor } from './applies';
import { isServiceLinked } from './caller';
import { type Decision, type Decisive, LAYERS, type Layer } from './decision';
import { type Named, principalMatch } from './principal';
import type { Request } from './request';
import { limitsResourcesOf } from './resource-control';

/** The policies that have a say. What is left out is as AWS has it without. */
export interface Layers {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
  readonly session?: Policy;
  /** From the root of the organization to the account; each level must allow. */
  readonly serviceControl?: readonly (readonly Policy[])[];
  /** Of the organization that owns the resource. */
  readonly resourceControl?: readonly (readonly Policy[])[];
  /** Of the resource; the trust policy of a role; the policy of a key. */
  readonly resource?: Policy;
  /** Of the endpoint that the request passes. */
  readonly endpoint?: Policy;
}

/**
 * What to make of a statement that applies only perhaps. `strict` is for answers and for claims of access: a denial counts,
 * a permission does not. `wide` is for claims that somebody has no access: a permission counts, a denial does not.
 */
export type Assume = 'strict' | 'wide';

interface Gathered {
  readonly denials: Decisive[];
  readonly doubts: Decisive[];
  readonly allows: Map<Layer, { readonly by: Decisive; readonly named: Named }[]>;
}

export function evaluate(request: Request, layers: Layers, assume: Assume = 'strict'): Decision {
  if (isAlwaysAnswered(request))
    return { allowed: true, layer: 'identity', explicit: false, statements: [], doubts: [] };
  const gathered: Gathered = { denials: [], doubts: [], allows: new Map() };
  const ask = (layer: Layer, policy: Policy | undefined) => {
    if (policy) gather(request, layer, policy, assume, gathered);
  };
  const { caller } = request;
  const governed = !isServiceLinked(caller);
  const isIdentity = caller.kind === 'role' || caller.kind === 'user';
  for (const policy of isIdentity ? layers.identity : []) ask('identity', policy);
  ask('resource', layers.resource);
  ask('endpoint', layers.endpoint);
  if (isIdentity) {
    ask('boundary', layers.boundary);
    ask('session', layers.session);
  }
  const missing: Layer[] = [];
  if (governed) {
    const ofOwner = limitsResourcesOf(request.action) ? layers.resourceControl : undefined;
    if (!everyLevel(request, 'resource-control', ofOwner, assume, gathered)) missing.push('resource-control');
    const ofAccount = isIdentity || caller.kind === 'root' ? layers.serviceControl : undefined;
    if (!everyLevel(request, 'service-control', ofAccount, assume, gathered)) missing.push('service-control');
  }
  if (gathered.denials.length > 0) return denied(gathered.denials, gathered.doubts);
  if (layers.endpoint && !gathered.allows.has('endpoint')) missing.push('endpoint');
  const granted = grant(request, layers, gathered, assume);
  if (typeof granted === 'string') missing.push(granted);
  else missing.push(...limits(layers, gathered, granted.beyond));
  const first = LAYERS.find((layer) => missing.includes(layer));
  if (first)
    return { allowed: false, layer: first, explicit: false, statements: [], doubts: gathered.doubts };
  const { layer } = granted as Granted;
  const statements = [...gathered.allows.values()].flat().map(({ by }) => by);
  return { allowed: true, layer, explicit: true, statements, doubts: gathered.doubts };
}

/** Who you are AWS tells you whatever your policies say: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function isAlwaysAnswered({ action, caller }: Request): boolean {
  return (
    action.toLowerCase() === 'sts:getcalleridentity' &&
    (caller.kind === 'role' || caller.kind === 'user' || caller.kind === 'root')
  );
}

function denied(denials: readonly Decisive[], doubts: readonly Decisive[]): Decision {
  const layer = LAYERS.find((each) => denials.some((denial) => denial.layer === each)) as Layer;
  return { allowed: false, layer, explicit: true, statements: denials, doubts };
}

function gather(request: Request, layer: Layer, policy: Policy, assume: Assume, into: Gathered): void {
  const byPrincipal = layer === 'resource' || layer === 'endpoint';
  for (const statement of statementsFor(policy, request.action)) {
    const principal = byPrincipal ? principalMatch(statement, request.caller) : undefined;
    if (principal?.certainty === 'no') continue;
    let certainty: Certainty = applies(statement, request);
    if (certainty === 'no') continue;
    if (principal?.certainty === 'maybe' || policy.doubtful || statement.doubtful) certainty = 'maybe';
    const by: Decisive = {
      layer,
      policy: policy.id,
      statement: statement.name,
      effect: statement.effect,
      certainty,
    };
    if (certainty === 'maybe') into.doubts.push(by);
    const counts = certainty === 'yes' || (statement.effect === 'Deny') === (assume === 'strict');
    if (!counts) continue;
    if (statement.effect === 'Deny') into.denials.push(by);
    else {
      const allows = into.allows.get(layer) ?? [];
      allows.push({ by, named: principal?.named ?? 'itself' });
      into.allows.set(layer, allows);
    }
  }
}

/** Each level of the organization must allow: what one attaches is no substitute for what another leaves out. */
function everyLevel(
  request: Request,
  layer: 'service-control' | 'resource-control',
  levels: Layers['serviceControl'],
  assume: Assume,
  into: Gathered,
): boolean {
  let allowed = true;
  for (const level of levels ?? []) {
    const own: Gathered = { denials: into.denials, doubts: into.doubts, allows: new Map() };
    for (const policy of level) gather(request, layer, policy, assume, own);
    allowed &&= own.allows.has(layer);
  }
  return allowed;
}

interface Granted {
  readonly layer: 'identity' | 'resource';
  /** What it is not limited by: the boundary, a session's policy. */
  readonly beyond: readonly ('boundary' | 'session')[];
}

/** Who grants: the identity's policies, the resource's, or both. Otherwise the layer that would have had to. */
function grant(
  request: Request,
  layers: Layers,
  gathered: Gathered,
  assume: Assume,
): Granted | 'identity' | 'resource' {
  const { caller, account } = request;
  const byIdentity = caller.kind === 'root' || gathered.allows.has('identity');
  const byResource = (gathered.allows.get('resource') ?? []).map(({ named }) => named);
  const local = caller.account === account;
  // Without a policy of the resource to look at, nobody can say no for it.
  const decides = resourceDecides(request);
  const unseen = decides && !layers.resource && assume === 'wide';

  // Belongs to no account of its own, or speaks for itself: only the resource can let it in.
  if (caller.kind === 'service' || caller.kind === 'federated') {
    return byResource.length > 0 ? { layer: 'resource', beyond: [] } : 'resource';
  }
  if (!local) {
    if (byResource.length === 0 && !unseen) return 'resource';
    return byIdentity ? { layer: 'identity', beyond: [] } : 'identity';
  }
  const direct = byResource.filter((named) => named !== 'account');
  // So it is for `*` too: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
  if (direct.includes('itself') || direct.includes('everyone')) {
    return { layer: 'resource', beyond: caller.kind === 'user' ? ['boundary'] : ['boundary', 'session'] };
  }
  if (byIdentity && (!decides || byResource.length > 0 || unseen)) return { layer: 'identity', beyond: [] };
  if (direct.length > 0) return { layer: 'resource', beyond: [] };
  return decides && byResource.length === 0 && !unseen ? 'resource' : 'identity';
}

/** Keys and roles: no policy of an identity opens them unless their own policy says so. */
function resourceDecides({ action, resource }: Request): boolean {
  const name = action.toLowerCase();
  if (name.startsWith('kms:')) return /^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(resource);
  return /^sts:(assumerole|tagsession|setsourceidentity|setcontext)/.test(name) && /:role\//.test(resource);
}

function limits({ boundary, session }: Layers, { allows }: Gathered, beyond: readonly string[]): Layer[] {
  const missing: Layer[] = [];
  if (boundary && !beyond.includes('boundary') && !allows.has('boundary')) missing.push('boundary');
  if (session && !beyond.includes('session') && !allows.has('session')) missing.push('session');
  return missing;
}
