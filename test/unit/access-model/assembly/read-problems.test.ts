/** What is wrong with a cloud assembly, and what the message says to do about it. */
import { readAssembly } from '../../../../lib/access-model/assembly/read';
import { bucket, folder, nested, stackArtifact } from './given';

const template = { Resources: { Bucket: bucket() } };

const manifest = (artifacts: object) => ({ artifacts });

test.each<[title: string, files: Record<string, unknown>, message: RegExp]>([
  [
    'a manifest that is no JSON',
    { 'manifest.json': '{' },
    /manifest\.json is not valid JSON, correct it or synthesize again: /,
  ],
  [
    'a manifest without a stack',
    { 'manifest.json': manifest({}) },
    /is an empty assembly: its manifest has no stack, synthesize an app with one$/,
  ],
  [
    'a template that is missing',
    { 'manifest.json': manifest({ Shop: stackArtifact('Shop.template.json') }) },
    /Shop\.template\.json is missing, though manifest\.json names it: synthesize again$/,
  ],
  [
    'a template that is none',
    { 'manifest.json': manifest({ Shop: stackArtifact('Shop.template.json') }), 'Shop.template.json': [] },
    /Shop\.template\.json is no CloudFormation template: synthesize again, or remove it$/,
  ],
  [
    'a nested template that is missing',
    {
      'manifest.json': manifest({ Shop: stackArtifact('a.json') }),
      'a.json': nested({ 'aws:asset:path': 'b.json' }),
    },
    /b\.json is missing, though Shop\.In names it: synthesize again$/,
  ],
  [
    'a stack that is nested in itself',
    {
      'manifest.json': manifest({ Shop: stackArtifact('a.json') }),
      'a.json': nested({ 'aws:asset:path': 'a.json' }),
    },
    /a\.json is a nested stack of itself: synthesize again$/,
  ],
  [
    'a bootstrap template of nobody',
    {
      'manifest.json': manifest({ Shop: stackArtifact('a.json') }),
      'a.json': template,
      'bootstrap/toolkit.json': template,
    },
    /toolkit\.json does not say whose it is: name it <account>\.<region>\.<name>\.template\.json$/,
  ],
])('%s is a problem, said in one line', async (_, files, message) => {
  const failure = await readAssembly(folder(files)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'Problem', message: expect.stringMatching(message) });
  expect((failure as Error).message).not.toContain('\n');
});
