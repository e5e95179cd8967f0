/** Findings that no catalog rule makes: of the comparison, of the registry, and of the probes. */
import type { RuleTitle } from './sarif';

export const TITLES: readonly RuleTitle[] = [
  { id: 'TZ100', name: 'drift', severity: 'error', title: 'The catalog is not what the registry says.' },
  {
    id: 'TZ192',
    name: 'acknowledgement-matches-nothing',
    severity: 'error',
    title: 'An acknowledgement covers no finding.',
  },
  {
    id: 'TZ201',
    name: 'isolation-violated',
    severity: 'error',
    title: 'A role reached rows that it must not reach.',
  },
  {
    id: 'TZ202',
    name: 'positive-control-failed',
    severity: 'error',
    title: 'A role could not reach rows that it should.',
  },
  { id: 'TZ203', name: 'isolation-unproved', severity: 'error', title: 'There was nothing to measure with.' },
  {
    id: 'TZ204',
    name: 'probe-failed',
    severity: 'error',
    title: 'A probe failed in a way that says nothing about isolation.',
  },
];
