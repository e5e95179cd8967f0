/** What a renderer is given. */
import type { Judgement } from '../accepted';
import type { AccessChanges } from '../changes';

export interface Report {
  /** As they were named: a revision, a folder. */
  readonly base: string;
  readonly head: string;
  readonly changes: AccessChanges;
  readonly judgement: Judgement;
}

/** In the repository, with the line of the logical id. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** @param where - `Stack.LogicalId`; undefined: no template says it */
export type Locate = (where: string | undefined) => Place;
