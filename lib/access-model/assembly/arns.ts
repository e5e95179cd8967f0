/** The table of types: what `Ref` and `Fn::GetAtt` give, and the ARN. A type is added to one of the files in `types/`. */
import type { Kind, Kinds, Subject } from './kind';
import { generated } from './kind';
import { application } from './types/application';
import { compute } from './types/compute';
import { data } from './types/data';
import { delivery } from './types/delivery';
import { identity } from './types/identity';
import { messaging } from './types/messaging';
import { network } from './types/network';
import { observability } from './types/observability';
import { storage } from './types/storage';
import { mark } from './unresolved';

const KINDS: Kinds = {
  ...application,
  ...compute,
  ...data,
  ...delivery,
  ...identity,
  ...messaging,
  ...network,
  ...observability,
  ...storage,
};

export interface Identity {
  readonly ref: string;
  readonly arn?: string;
  /** @param name `Arn`, `Endpoint.Address`. */
  attribute(name: string): unknown;
}

/** Of any type: an unknown one has a generated name, no ARN, and attributes that nobody knows. */
export function identityOf(type: string, of: Subject): Identity {
  const unknown = (name: string) => mark(`attribute ${name} of ${type} ${of.logicalId}`);
  if (isCustom(type)) {
    // Its code decides what the physical id is.
    return { ref: mark(`the physical id of ${type} ${of.logicalId}`), attribute: unknown };
  }
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  return kind ? identityOfKind(kind, of, unknown) : { ref: generated(of), attribute: unknown };
}

export const isCustom = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

function identityOfKind(kind: Kind, of: Subject, unknown: (name: string) => string): Identity {
  const id = kind.id(of);
  const arn = kind.arn?.(of, id);
  const ref = kind.ref === 'arn' ? (arn ?? id) : (kind.ref?.(of, id) ?? id);
  return {
    ref,
    arn,
    attribute: (name) => {
      const attributes = kind.attributes ?? {};
      const attribute = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (attribute === 'id') return id;
      if (attribute === 'arn' || (name === 'Arn' && !attribute)) return arn ?? unknown(name);
      // Where an attribute has the name of a property, it gives that property back.
      return attribute ? attribute(of, id) : (of.property(name) ?? unknown(name));
    },
  };
}
