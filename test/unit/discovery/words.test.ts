import { mentionFinder } from '../../../sql/discovery/mentions';
import {
  holdsPeople,
  namesActor,
  namesOfReference,
  normalised,
  singular,
} from '../../../sql/discovery/words';
import { schemaOf } from './build';

test.each([
  ['companies', 'company'],
  ['addresses', 'address'],
  ['boxes', 'box'],
  ['status', 'status'],
  ['access', 'access'],
  ['people', 'person'],
])('%s is the plural of %s', (plural, one) => {
  expect(singular(plural)).toBe(one);
});

test.each(['created_by', 'updatedById', 'author_id', 'approved_by_user_id', 'assigneeId'])(
  '%s names an actor',
  (name) => {
    expect(namesActor(name)).toBe(true);
  },
);

test.each(['user_id', 'standby_id', 'owner_id'])('%s does not', (name) => {
  expect(namesActor(name)).toBe(false);
});

test('tables of people are known by the last word', () => {
  expect(['auth_user', 'People', 'team_members'].map(holdsPeople)).toEqual([true, true, true]);
  expect(['user_sessions', 'employees'].map(holdsPeople)).toEqual([false, false]);
});

test.each([
  'organization_id',
  'organizationId',
  'organisation_id',
  'org_id',
  'core_organization_id',
  'ORGANIZATION_UUID',
])('%s refers to core_organization', (name) => {
  expect(namesOfReference('core_organization', 'id').has(normalised(name))).toBe(true);
});

test('a key with a name of its own is a name of reference, a generic one is not', () => {
  expect(namesOfReference('clients', 'client_no').has('clientno')).toBe(true);
  expect(namesOfReference('clients', 'id').has('id')).toBe(false);
});

test('a name in a function counts in any spelling, a part of a word does not', () => {
  const schema = schemaOf({ notes: { id: 'uuid' }, Orders: { id: 'uuid' }, 'odd name': { id: 'uuid' } });
  const mentions = mentionFinder(schema.relations.values());
  expect(mentions('select * from NOTES n')).toEqual([1]);
  expect(mentions('select * from "Orders", notes_archive')).toEqual([2]);
  expect(mentions('select * from "odd name"')).toEqual([3]);
});
