/** Layers as text. Pure. */
import { plain } from '../../approvals/plain';
import { facts } from '../../approvals/table';
import { hiddenBy, type Layer } from './layers';

const WORDS: Readonly<Record<Layer['verdict'], string>> = {
  open: 'open',
  hides: 'HIDES',
  'may-hide': 'may hide',
  unknown: 'unknown',
};

export function explanation(
  table: string,
  organization: string | undefined,
  layers: readonly Layer[],
): string {
  const what = plain(organization === undefined ? table : `${table} of ${organization}`);
  const hidden = hiddenBy(layers);
  const lines = facts(
    layers.map(({ layer, verdict, why }) => [layer, `${WORDS[verdict].padEnd(8)}  ${why}`]),
  );
  return [
    hidden ? `Why rows of ${what} may be missing: ${hidden.layer}` : `Nothing hides rows of ${what} from you`,
    '',
    lines,
    ...(hidden?.next ? ['', `next: ${plain(hidden.next)}`] : []),
  ].join('\n');
}
