import type { Outcome } from './report';
export function equivalenceOf(_: unknown): Outcome {
  return { outcome: 'not noticed', differs: [] };
}
