/** The demo tenants: three ordinary customers, a sensitive one, and our own company. */

export type TenantClass = 'ordinary' | 'sensitive' | 'own';

export interface DemoTenant {
  /** Fixed, so that a second start finds what the first one made. */
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly is: TenantClass;
  readonly employees: number;
  /** Keys of `USERS`: the first one creates and owns it. */
  readonly members: readonly [number, ...number[]];
}

const id = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const TENANTS: readonly DemoTenant[] = [
  { id: id(1), name: 'Northwind Bakery', slug: 'northwind', is: 'ordinary', employees: 12, members: [1, 2] },
  { id: id(2), name: 'Blue Door Books', slug: 'blue-door', is: 'ordinary', employees: 8, members: [3, 2] },
  { id: id(3), name: 'Harbour Cycles', slug: 'harbour', is: 'ordinary', employees: 5, members: [4] },
  { id: id(4), name: 'St. Brigid Clinic', slug: 'st-brigid', is: 'sensitive', employees: 9, members: [5, 3] },
  { id: id(0), name: 'Tenant Zero', slug: 'tenant-zero', is: 'own', employees: 6, members: [6, 1] },
];

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

const person = (block: number, n: number, name: string): DemoPerson => ({
  id: id(block + n),
  name,
  email: `${name.split(' ')[0]?.toLowerCase()}@example.com`,
});

/** Users of the product. */
export const USERS: ReadonlyMap<number, DemoPerson> = new Map(
  ['Ada Baker', 'Ben Ortiz', 'Cleo Marsh', 'Dan Hook', 'Eve Quinn', 'Zoe Zero'].map((name, i) => [
    i + 1,
    person(0x1000, i + 1, name),
  ]),
);

export interface DemoStaff extends DemoPerson {
  readonly kind: 'client-success' | 'engineer' | 'approver' | 'administrator';
  /** Ids of organizations. */
  readonly assigned: readonly string[];
  /** May be granted access to a sensitive one. Default: false. */
  readonly canSeeSensitive?: boolean;
}

/** Our own staff. The first one is responsible for two customers, one of them sensitive. */
export const STAFF: readonly DemoStaff[] = [
  {
    ...person(0x2000, 1, 'Sam Success'),
    kind: 'client-success',
    assigned: [id(1), id(4)],
    canSeeSensitive: true,
  },
  { ...person(0x2000, 2, 'Uma Engineer'), kind: 'engineer', assigned: [id(2)], canSeeSensitive: true },
  { ...person(0x2000, 3, 'Ivo Approver'), kind: 'approver', assigned: [] },
  { ...person(0x2000, 4, 'Ada Approver'), kind: 'approver', assigned: [] },
  { ...person(0x2000, 5, 'Grace Approver'), kind: 'approver', assigned: [] },
  { ...person(0x2000, 6, 'Bea Administrator'), kind: 'administrator', assigned: [], canSeeSensitive: true },
];

/** Both companies must be visible to see a partnership. */
export const PARTNERSHIPS: readonly (readonly [string, string])[] = [
  [id(1), id(2)],
  [id(3), id(4)],
  [id(0), id(1)],
];
