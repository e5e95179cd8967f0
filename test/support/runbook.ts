/** Sections of the runbook, and what refers to them. */
import { resourcesOf, type SynthesizedTemplate } from './templates';

export interface Reference {
  readonly alarm: string;
  /** Undefined: the alarm does not say where to read on. */
  readonly section: string | undefined;
}

/** Of every alarm. */
export function alarmsIn(templates: readonly SynthesizedTemplate[]): Reference[] {
  return resourcesOf(templates)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => ({
      alarm: Properties.AlarmName ?? '(without a name)',
      section: /docs\/runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription ?? '')?.[1],
    }));
}

/** Names of rules that announce something by themselves. */
export function announcedIn(templates: readonly SynthesizedTemplate[]): string[] {
  return resourcesOf(templates)
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Events::Rule' && JSON.stringify(Properties.Targets).includes('alerts'),
    )
    .map(({ Properties }) => Properties.Name);
}

export function sectionsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title as string);
}
