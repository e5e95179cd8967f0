/** CloudFormation and the tools that build and deploy. */
import { arn, generated, type Kind, type Kinds, named, regional, stackArn, uuid } from '../kind';

const connection = (service: string): Kind => ({
  id: uuid,
  arn: regional(service, 'connection/'),
  ref: 'arn',
  attributes: { ConnectionArn: 'arn' },
});

export const delivery: Kinds = {
  // The name is the one under which the nested stack is read.
  'AWS::CloudFormation::Stack': {
    id: generated,
    arn: ({ place }, id) => stackArn(place, id),
    ref: 'arn',
    attributes: { StackId: 'arn' },
  },
  'AWS::CloudFormation::StackSet': {
    id: (of) => `${named('StackSetName')(of)}:${uuid(of)}`,
    arn: regional('cloudformation', 'stackset/'),
    attributes: { StackSetId: 'id' },
  },
  'AWS::CloudFormation::WaitConditionHandle': { id: generated },

  'AWS::CodeBuild::Project': { id: named('Name'), arn: regional('codebuild', 'project/') },
  'AWS::CodePipeline::Pipeline': {
    id: named('Name'),
    arn: regional('codepipeline', ''),
    attributes: { Version: () => '1' },
  },
  'AWS::CodeCommit::Repository': {
    id: named('RepositoryName'),
    arn: regional('codecommit', ''),
    ref: uuid,
    attributes: { Name: 'id', RepositoryId: uuid },
  },
  'AWS::CodeDeploy::Application': {
    id: named('ApplicationName'),
    arn: regional('codedeploy', 'application:'),
  },
  'AWS::CodeStarConnections::Connection': connection('codestar-connections'),
  'AWS::CodeConnections::Connection': connection('codeconnections'),
  'AWS::CodeArtifact::Domain': {
    id: named('DomainName'),
    arn: regional('codeartifact', 'domain/'),
    ref: 'arn',
    attributes: { Name: 'id' },
  },
  'AWS::CodeArtifact::Repository': {
    id: named('RepositoryName'),
    arn: (of, id) => arn(of, 'codeartifact', `repository/${of.property('DomainName')}/${id}`),
    ref: 'arn',
    attributes: { Name: 'id' },
  },
};
