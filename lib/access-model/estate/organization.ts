/** Policies of the organization that the templates hold, and which of them limit an account. */
import type { Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import { isUnread, type Policy, parsePolicy } from '../policy/document';
import type { OrganizationPolicy } from './estate';
import { perhapsNothing } from './managed-policies';
import { text, texts } from './properties';

const KINDS: Readonly<Record<string, OrganizationPolicy['kind']>> = {
  SERVICE_CONTROL_POLICY: 'service-control',
  RESOURCE_CONTROL_POLICY: 'resource-control',
};

export function organizationPolicies(resources: readonly Resource[]): OrganizationPolicy[] {
  return resources
    .filter(({ type }) => type === 'AWS::Organizations::Policy')
    .flatMap(({ id, properties }) => {
      const kind = KINDS[text(properties.Type) ?? ''];
      if (!kind) return [];
      const { Content, TargetIds } = properties;
      const policy = isUnread(Content) ? perhapsNothing(id) : parsePolicy(id, Content);
      return [{ kind, policy, targets: texts(TargetIds) }];
    });
}

const FULL_ACCESS = parsePolicy('AWS FullAWSAccess', {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

/**
 * The levels that limit an account. Templates do not say which account lies in which unit: a policy of a unit or of the
 * root limits perhaps, and so does one whose target is not resolved. `FullAWSAccess` is attached everywhere until somebody
 * detaches it, which no template does.
 */
export function levelsOf(
  policies: readonly OrganizationPolicy[],
  kind: OrganizationPolicy['kind'],
  account: string,
): readonly (readonly Policy[])[] {
  const attached = policies
    .filter((each) => each.kind === kind)
    .flatMap(({ policy, targets }) => {
      if (targets.includes(account)) return [policy];
      const perhaps = targets.some((target) => /^(r|ou)-/.test(target) || isMarked(target));
      return perhaps ? [{ ...policy, doubtful: true }] : [];
    });
  return attached.length === 0 ? [] : [[FULL_ACCESS, ...attached]];
}
