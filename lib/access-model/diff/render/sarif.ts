/** SARIF 2.1.0, which code scanning reads: one result for each change that broadens access. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Accepted } from '../accepted';
import { type Broadened, broadened } from '../broadened';
import type { Locate, Place, Report } from './report';

const RULES: readonly { readonly id: Broadened['kind']; readonly name: string; readonly title: string }[] = [
  { id: 'capability', name: 'capability-gained', title: 'Somebody gains a capability' },
  { id: 'floor', name: 'floor-lowered', title: 'Something is no longer refused whatever else is allowed' },
  { id: 'identity', name: 'identity-reached', title: 'Somebody can become somebody else' },
  { id: 'request', name: 'request-allowed', title: 'A request is allowed that was refused' },
];

/** Every rule is told, found or not: one without a result is known to be clean. */
export function diffSarif({ changes, judgement }: Report, locate: Locate): string {
  const by = new Map(judgement.accepted.map(({ change, by: entry }) => [change.id, entry]));
  const sarif = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tenant-zero access',
            rules: RULES.map(({ id, name, title }) => ({
              id: `access/${id}`,
              name,
              shortDescription: { text: title },
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        results: broadened(changes).map((each) => result(each, by.get(each.id), locate(each.where))),
      },
    ],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
}

function result({ id, kind, where }: Broadened, accepted: Accepted | undefined, place: Place): unknown {
  return {
    ruleId: `access/${kind}`,
    ruleIndex: RULES.findIndex((rule) => rule.id === kind),
    level: accepted ? 'note' : 'error',
    message: { text: id },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(place.file),
          region: { startLine: place.line },
        },
        ...(where ? { logicalLocations: [{ fullyQualifiedName: where, kind: 'resource' }] } : {}),
      },
    ],
    // Stable over runs: the same change stays the same alert, wherever the resource moves in the template.
    partialFingerprints: { 'change/v1': createHash('sha256').update(id).digest('hex') },
    ...(accepted && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: `${accepted.reason} (${accepted['accepted-by']}, until ${accepted.until})`,
        },
      ],
    }),
    properties: { change: id },
  };
}

function artifact(file: string): unknown {
  if (path.isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
