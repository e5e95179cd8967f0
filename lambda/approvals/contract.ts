/** Names that the approval function and the stacks around it agree on. Nothing of ours is imported here. */

/** What is measured of requests and codes. The dashboard and the alarms of the platform read it. */
export const METRICS = {
  namespace: 'TenantZero/Approvals',
  /** The one dimension of every metric. */
  dimension: 'Stage',
  names: {
    requests: 'Requests',
    approvals: 'Approvals',
    denials: 'Denials',
    /** A wrong code, a used one, or one of somebody who is locked. */
    codesRefused: 'CodesRefused',
    /** Measured once a minute, not counted. */
    grantsAlive: 'GrantsAlive',
  },
} as const;
