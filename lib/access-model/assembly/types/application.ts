/** What faces the users of an application: APIs, mail, models. */
import { arn, generated, type Kind, type Kinds, named, random, regional, type Subject, text } from '../kind';
import { urlSuffixOf } from '../partition';

const apiId = (of: Subject) => random(of).small(10);

/** API Gateway has no account in its own ARNs. */
const api =
  (prefix: string) =>
  ({ place }: Subject, id: string) =>
    `arn:${place.partition}:apigateway:${place.region}::/${prefix}/${id}`;

const host = ({ place }: Subject, id: string) =>
  `${id}.execute-api.${place.region}.${urlSuffixOf(place.region)}`;

const namespace: Kind = {
  id: (of) => `ns-${random(of).small(16)}`,
  arn: regional('servicediscovery', 'namespace/'),
  attributes: { Id: 'id' },
};

export const application: Kinds = {
  'AWS::ApiGateway::RestApi': {
    id: apiId,
    arn: api('restapis'),
    attributes: { RestApiId: 'id', RootResourceId: (of) => random(of, '/Root').small(10) },
  },
  'AWS::ApiGateway::Resource': { id: (of) => random(of).small(6), attributes: { ResourceId: 'id' } },
  'AWS::ApiGateway::Deployment': { id: (of) => random(of).small(6), attributes: { DeploymentId: 'id' } },
  'AWS::ApiGateway::Stage': { id: (of) => text(of, 'StageName') ?? generated(of) },
  'AWS::ApiGateway::ApiKey': { id: apiId, arn: api('apikeys'), attributes: { APIKeyId: 'id' } },
  'AWS::ApiGatewayV2::Api': {
    id: apiId,
    arn: api('apis'),
    attributes: {
      ApiId: 'id',
      ApiEndpoint: (of, id) => `https://${host(of, id)}`,
      ExecuteApiArn: (of, id) => arn(of, 'execute-api', id),
    },
  },
  'AWS::ApiGatewayV2::Stage': { id: (of) => text(of, 'StageName') ?? generated(of) },
  'AWS::AppSync::GraphQLApi': {
    id: (of) => random(of).small(26),
    arn: regional('appsync', 'apis/'),
    ref: 'arn',
    attributes: { ApiId: 'id' },
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': namespace,
  'AWS::ServiceDiscovery::PublicDnsNamespace': namespace,
  'AWS::ServiceDiscovery::HttpNamespace': namespace,
  'AWS::ServiceDiscovery::Service': {
    id: (of) => `srv-${random(of).small(16)}`,
    arn: regional('servicediscovery', 'service/'),
    attributes: { Id: 'id' },
  },
  'AWS::SES::EmailIdentity': {
    id: (of) => text(of, 'EmailIdentity') ?? '',
    arn: regional('ses', 'identity/'),
  },
  'AWS::SES::ConfigurationSet': { id: named('Name'), arn: regional('ses', 'configuration-set/') },
  'AWS::Bedrock::Agent': {
    id: (of) => random(of).capitals(10),
    arn: regional('bedrock', 'agent/'),
    attributes: { AgentArn: 'arn', AgentId: 'id' },
  },
  'AWS::Bedrock::KnowledgeBase': {
    id: (of) => random(of).capitals(10),
    arn: regional('bedrock', 'knowledge-base/'),
    attributes: { KnowledgeBaseArn: 'arn', KnowledgeBaseId: 'id' },
  },
};
