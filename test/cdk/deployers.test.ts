/** The list of stacks that the bootstrap knows is the list of the app. */
import { STACKS } from '../../lib/bootstrap/stacks';
import { PlatformStack } from '../../lib/stacks/platform-stack';
import { stageNamed, testApp } from '../support/stages';
import { addPlatform } from '../support/templates';

test.each(['platform', 'sensitive'] as const)('%s deploys what its bootstrap lets it deploy', (deployer) => {
  const app = testApp();
  const organization = { account: '999999999999', region: 'eu-central-1', targets: ['ou-abcd-11112222'] };
  addPlatform(app, stageNamed('prod', { organization }));
  const stacks = app.node.children.filter((each): each is PlatformStack => each instanceof PlatformStack);
  const mine = stacks.filter((each) => each.deployer === deployer);
  expect(mine.map(({ stackName }) => stackName)).toEqual(STACKS[deployer].map((id) => `tz-prod-${id}`));
});
