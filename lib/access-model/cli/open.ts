/** From what the command line says to an analysis: which folder, and which words AWS has for what is in it. */
import path from 'node:path';
import { readAssembly } from '../assembly/read';
import { type Analysis, analyse } from '../matrix/analysis';
import { servicesOf } from '../names/validate';
import { loadVocabulary, type Vocabulary } from '../names/vocabulary';
import { policiesOf } from '../promises/sound';

export interface Source {
  /** Folder of an assembly. @default - cdk.out/<stage> */
  readonly assembly?: string;
  readonly stage: string;
}

export const directoryOf = ({ assembly, stage }: Source): string => assembly ?? path.join('cdk.out', stage);

/** @throws {Problem} when there is no assembly */
export async function open(source: Source): Promise<Analysis> {
  return analyse(await readAssembly(directoryOf(source)));
}

/** Of all services that the policies name, and those of `more` actions. */
export function vocabularyOf(analysis: Analysis, more: readonly string[] = []): Promise<Vocabulary> {
  const ofActions = more.map((action) => action.split(':')[0]?.toLowerCase() ?? '');
  return loadVocabulary(new Set([...servicesOf(policiesOf(analysis)), ...ofActions]));
}
