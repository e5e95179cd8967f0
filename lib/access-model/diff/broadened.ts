/** The reviewer's question: what can somebody do now that nobody could before. */
import { readable } from '../assembly/unresolved';
import { inOrder } from '../in-order';
import type { AccessChanges, PrincipalChange, RequestChange } from './changes';

export interface Broadened {
  /** Stable, one line: `ProdEngineer gains secret:tz-prod/sensitive/x`. Accepted changes name it. */
  readonly id: string;
  readonly kind: 'capability' | 'identity' | 'request' | 'floor';
  readonly principal: string;
  /** `Stack.LogicalId`: where it is decided, as far as a template says. */
  readonly where?: string;
}

/** Each once, in the order of their ids. */
export function broadened({ principals, requests }: AccessChanges): Broadened[] {
  const all = [
    ...principals.flatMap(ofPrincipal),
    ...requests.filter(({ change, within }) => change === 'broadened' && within === undefined).map(ofRequest),
  ];
  const unique = new Map(all.reverse().map((each) => [each.id, each]));
  return [...unique.values()].sort((a, b) => inOrder(a.id, b.id));
}

function ofPrincipal({ name, where, capabilities, becomes }: PrincipalChange): Broadened[] {
  const made = (kind: Broadened['kind'], what: string): Broadened => ({
    id: line(`${name} ${what}`),
    kind,
    principal: name,
    ...(where ? { where } : {}),
  });
  return [
    ...capabilities.flatMap(({ capability, change }) => {
      if (change === 'gained') return [made('capability', `gains ${capability}`)];
      return change === 'widened' ? [made('capability', `gains all of ${capability}`)] : [];
    }),
    ...becomes.flatMap(({ principal, change }) => {
      if (change === 'gained') return [made('identity', `becomes ${principal}`)];
      return change === 'widened' ? [made('identity', `surely becomes ${principal}`)] : [];
    }),
  ];
}

function ofRequest(request: RequestChange): Broadened {
  const { principal, floor, where } = request;
  return {
    id: line(`${principal} ${floor ? 'may be given' : 'may'} ${requestText(request)}`),
    kind: floor ? 'floor' : 'request',
    principal,
    ...(where ? { where } : {}),
  };
}

/** `ecs:RunTask on arn:..., when aws:sourceip is 203.0.113.77`. */
export function requestText({ action, resource, context }: RequestChange): string {
  const keys = Object.entries(context).map(([key, values]) =>
    values.length === 0 ? `${key} is absent` : `${key} is ${values.join(' and ')}`,
  );
  return line(`${action} on ${resource}${keys.length > 0 ? `, when ${keys.join(', ')}` : ''}`);
}

/** A name of a template may hold a line break: an id is one line. */
function line(text: string): string {
  return readable(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
