/** What a statement may say of which parts are not resolved. What it surely says is kept apart from what it says perhaps. */
import { isMarked, literalParts } from '../assembly/unresolved';

export interface Reading {
  readonly raw: unknown;
  readonly doubtful: boolean;
}

type Raw = Readonly<Record<string, unknown>>;

/** What a text may say that nobody has. */
export const EVERYTHING: Raw = Object.freeze({
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
});

export function readings(raw: unknown): readonly Reading[] {
  if (isMark(raw)) return [{ raw: EVERYTHING, doubtful: true }];
  if (!isRecord(raw)) return [{ raw, doubtful: false }];
  return ofEffect(raw).flatMap(ofConditions).flatMap(ofActions);
}

interface OfRecord {
  readonly raw: Raw;
  readonly doubtful: boolean;
}

/** It may allow, and it may deny. */
function ofEffect(raw: Raw): OfRecord[] {
  if (!isMark(raw.Effect)) return [{ raw, doubtful: false }];
  return ['Allow', 'Deny'].map((Effect) => ({ raw: { ...raw, Effect }, doubtful: true }));
}

/** A condition that nobody knows holds perhaps; marks among the values of a key are left to those who compare them. */
function ofConditions({ raw, doubtful }: OfRecord): OfRecord[] {
  const { Condition: given, ...rest } = raw;
  if (isMark(given)) return [{ raw: rest, doubtful: true }];
  if (!isRecord(given)) return [{ raw, doubtful }];
  const known = Object.entries(given).filter(([, keys]) => !isMark(keys));
  if (known.length === Object.keys(given).length) return [{ raw, doubtful }];
  return [{ raw: { ...rest, Condition: Object.fromEntries(known) }, doubtful: true }];
}

/** An action with a mark is perhaps any that fits; one that is excepted so is perhaps not excepted. */
function ofActions({ raw, doubtful }: OfRecord): OfRecord[] {
  const element = 'NotAction' in raw ? 'NotAction' : 'Action';
  const all = [raw[element]].flat();
  const known = all.filter((each) => !isMark(each));
  if (known.length === all.length) return [{ raw, doubtful }];
  if (element === 'NotAction') return [{ raw: { ...raw, NotAction: known }, doubtful: true }];
  const fitting = all.filter(isMark).map((each) => literalParts(each).join('*'));
  return [
    ...(known.length > 0 ? [{ raw: { ...raw, Action: known }, doubtful }] : []),
    { raw: { ...raw, Action: fitting }, doubtful: true },
  ];
}

const isMark = (value: unknown): value is string => typeof value === 'string' && isMarked(value);

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
