/** The short forms of CloudFormation's functions in YAML: `!Ref X` is `{ Ref: X }`, `!Sub x` is `{ 'Fn::Sub': x }`. */
import { type CollectionTag, Pair, type ScalarTag, YAMLMap, type YAMLSeq } from 'yaml';

const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

const LONG_NAMES: readonly (readonly [string, string])[] = [
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
];

/** A function takes a text, a list or a map, and the parser wants a tag of its own for each. */
export const shortForms: (ScalarTag | CollectionTag)[] = LONG_NAMES.flatMap(([tag, name]) => [
  { tag, resolve: (text: string) => ({ [name]: text }) },
  { tag, collection: 'seq' as const, resolve: (list: YAMLMap | YAMLSeq) => wrapped(name, list) },
  { tag, collection: 'map' as const, resolve: (map: YAMLMap | YAMLSeq) => wrapped(name, map) },
]);

/** Stays a node, so that short forms inside of short forms are converted with it. */
function wrapped(name: string, argument: YAMLMap | YAMLSeq): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(name, argument));
  return map;
}
