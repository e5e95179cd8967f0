/** Each capability of the catalog with exactly the actions that it takes, and with all the others. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ACCOUNT,
  allow,
  document,
  estate,
  HERE,
  holds,
  role,
  type Statement,
} from '../../../support/access-estate';
import { CASES, DEPLOYMENT, EVERYTHING } from './catalog.cases';

const held = (id: string, ...may: object[]) =>
  holds(estate({ ...EVERYTHING, Somebody: role({ may }) }, { deployment: DEPLOYMENT }), 'Somebody', id);
const allowing = (actions: readonly string[]): Statement[] => [
  allow('sts:GetCallerIdentity'),
  ...actions.map((action) => allow(action)),
];

const IDS = [...new Set(CASES.map(({ id }) => id))];
const casesOf = (id: string) => CASES.filter((each) => each.id === id);

describe.each(IDS)('%s', (id) => {
  const one = casesOf(id).flatMap((each) => each.one ?? []);
  const together = casesOf(id).filter(({ all }) => all);

  it('is not held without any of its actions, whatever else is allowed', () => {
    const NotAction = [...one, ...together.flatMap(({ all = [] }) => all)];
    expect(held(id, { Effect: 'Allow', NotAction, Resource: '*' })).toBe('no');
  });

  if (one.length > 0) {
    it.each(one)('is held with %s alone', (action) => {
      expect(held(id, ...allowing([action]))).toBe('yes');
    });
  }

  if (together.length > 0) {
    it.each(together)('is held with all of $all and $also', ({ all = [], also }) => {
      expect(held(id, ...allowing([...all, ...(also ? [also] : [])]))).toBe('yes');
      for (const missing of all) {
        expect(held(id, ...allowing(all.filter((action) => action !== missing)))).toBe('no');
      }
      if (also) expect(held(id, ...allowing(all))).toBe('in part');
    });
  }
});

describe('the catalog', () => {
  const { capabilities } = estate(EVERYTHING, { deployment: DEPLOYMENT });

  it('has no capability without a case', () => {
    expect(capabilities.map(({ id }) => id).sort()).toEqual([...IDS].sort());
  });

  it('has no file that names a capability without a case', () => {
    const folder = path.join(__dirname, '../../../../lib/access-model/capabilities');
    const source = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const named = source
      .flatMap((text) => [...text.matchAll(/^\s*id: (.*)$/gm)].map(([, rest = '']) => rest))
      .flatMap((rest) =>
        [...rest.matchAll(/['`]([a-z-]+(?::[a-z*-]*)*)(?=['`$])/g)].map(([, id = '']) => id),
      );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((id) => !IDS.some((own) => own === id || own.startsWith(id)))).toEqual([]);
  });

  it('has no two capabilities of one id', () => {
    expect(new Set(capabilities.map(({ id }) => id)).size).toBe(capabilities.length);
  });

  it('has nothing about what is not there', () => {
    const ids = estate({ Somebody: role() }).capabilities.map(({ id }) => id);
    expect(
      ids.filter((id) =>
        /^(shell|login|database|secret|key|records|trail|alarms|restart|permission-set):?/.test(id),
      ),
    ).toEqual([]);
  });
});

describe('where a policy allows only some names', () => {
  it('perhaps allows what is to be made', () => {
    const only = (action: string, Resource: string) => held('identity:change', allow(action, Resource));
    expect(only('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/shop-workers-*`)).toBe('in part');
    expect(only('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:user/*`)).toBe('no');
  });

  it('holds for the resource that it names, and not for another', () => {
    const write = (bucket: string) =>
      held('asset:write', allow('s3:PutBucketPolicy', `arn:aws:s3:::${bucket}`));
    expect([write('assets'), write('others')]).toEqual(['yes', 'no']);
    const read = (name: string) =>
      held(
        'secret:card',
        allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${HERE}:secret:${name}`),
      );
    expect([read('card-??????'), read('car-??????')]).toEqual(['in part', 'no']);
  });
});

describe('a document', () => {
  it('that allows everything holds everything', () => {
    const analysis = estate(
      {
        ...EVERYTHING,
        Somebody: role({ Policies: [{ PolicyName: 'all', PolicyDocument: document(allow('*')) }] }),
      },
      { deployment: DEPLOYMENT },
    );
    const refused = analysis.capabilities.filter(({ id }) => holds(analysis, 'Somebody', id) !== 'yes');
    expect(refused.map(({ id }) => id)).toEqual([]);
  });
});
