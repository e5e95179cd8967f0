/** The evaluator against the documentation of AWS: cases as data, see conformance/README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { callerOf } from '../../../lib/access-model/evaluate/caller';
import { evaluate, type Layers } from '../../../lib/access-model/evaluate/evaluate';
import { requestOf } from '../../../lib/access-model/evaluate/request';
import { contextOf } from '../../../lib/access-model/policy/context';
import { type Policy, parsePolicy } from '../../../lib/access-model/policy/document';

interface Case {
  readonly title: string;
  readonly documentation: string;
  readonly principal: string;
  readonly policies: {
    readonly identity?: readonly unknown[];
    readonly boundary?: unknown;
    readonly session?: unknown;
    readonly endpoint?: unknown;
    readonly resource?: unknown;
    readonly serviceControl?: readonly (readonly unknown[])[];
    readonly resourceControl?: readonly (readonly unknown[])[];
  };
  readonly request: {
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount?: string;
    readonly context?: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly expected: 'allowed' | 'denied';
  readonly layer?: string;
  readonly explicit?: boolean;
}

const FOLDER = path.join(__dirname, 'conformance');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const casesOf = (file: string): Case[] => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));

function layersOf({ policies }: Case): Layers {
  const one = (name: string, document: unknown): Policy | undefined =>
    document === undefined ? undefined : parsePolicy(name, document);
  const levels = (name: string, given: readonly (readonly unknown[])[] | undefined) =>
    given?.map((level, i) => level.map((document) => parsePolicy(`${name} ${i}`, document)));
  return {
    identity: (policies.identity ?? []).map((document, i) => parsePolicy(`identity ${i}`, document)),
    boundary: one('boundary', policies.boundary),
    session: one('session', policies.session),
    endpoint: one('endpoint', policies.endpoint),
    resource: one('resource', policies.resource),
    serviceControl: levels('serviceControl', policies.serviceControl),
    resourceControl: levels('resourceControl', policies.resourceControl),
  } as Layers;
}

function decide(each: Case) {
  const caller = callerOf(each.principal);
  if (!caller) throw new Error(`no principal: ${each.principal}`);
  const { action, resource, resourceAccount, context = {} } = each.request;
  const request = requestOf(
    caller,
    action,
    resource,
    contextOf(context),
    resourceAccount ? { account: resourceAccount } : {},
  );
  return evaluate(request, layersOf(each));
}

describe.each(FILES)('%s', (file) => {
  test.each(casesOf(file).map((each) => [each.title, each] as const))('%s', (_title, each) => {
    const { allowed, layer, explicit } = decide(each);
    expect({
      expected: allowed ? 'allowed' : 'denied',
      ...(each.layer === undefined ? {} : { layer }),
      ...(each.explicit === undefined ? {} : { explicit }),
    }).toEqual({
      expected: each.expected,
      ...(each.layer === undefined ? {} : { layer: each.layer }),
      ...(each.explicit === undefined ? {} : { explicit: each.explicit }),
    });
  });
});

test('there are at least 120 cases, each with its documentation and a title of its own', () => {
  const cases = FILES.flatMap(casesOf);
  expect(cases.length).toBeGreaterThanOrEqual(120);
  expect(
    cases.filter(({ documentation }) => !documentation.startsWith('https://docs.aws.amazon.com/')),
  ).toEqual([]);
  const titles = cases.map(({ title }) => title);
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
});
