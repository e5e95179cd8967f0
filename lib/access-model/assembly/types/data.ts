/** RDS and its relatives, DynamoDB, OpenSearch, ElastiCache, Redshift, Glue, Athena. */
import {
  arn,
  hexId,
  type Kind,
  type Kinds,
  named,
  namedSmall,
  random,
  regional,
  type Subject,
  text,
  uuid,
} from '../kind';
import { urlSuffixOf } from '../partition';

const POSTGRES_PORT = '5432';
const MYSQL_PORT = '3306';

const port = (of: Subject) =>
  text(of, 'Port') ?? (/postgres/.test(text(of, 'Engine') ?? '') ? POSTGRES_PORT : MYSQL_PORT);

/** RDS puts the same characters into every endpoint of an account and region; here each resource has its own. */
const endpoint = (kind: string) => (of: Subject, id: string) =>
  `${id}.${kind}${random(of).small(12)}.${of.place.region}.rds.${urlSuffixOf(of.place.region)}`;

const resourceId = (prefix: 'cluster' | 'db') => (of: Subject) => `${prefix}-${random(of).capitals(26)}`;

/** The secret that RDS makes for the main user where it manages the password. */
const mainUserSecret = (prefix: 'cluster' | 'db') => (of: Subject) =>
  arn(of, 'secretsmanager', `secret:rds!${prefix}-${uuid(of)}-${random(of).letters(6)}`);

const cluster: Kind = {
  id: namedSmall('DBClusterIdentifier'),
  arn: regional('rds', 'cluster:'),
  attributes: {
    DBClusterArn: 'arn',
    DBClusterResourceId: resourceId('cluster'),
    'Endpoint.Address': endpoint('cluster-'),
    'Endpoint.Port': port,
    'ReadEndpoint.Address': endpoint('cluster-ro-'),
    'MasterUserSecret.SecretArn': mainUserSecret('cluster'),
  },
};

const instance: Kind = {
  id: namedSmall('DBInstanceIdentifier'),
  arn: regional('rds', 'db:'),
  attributes: {
    DBInstanceArn: 'arn',
    DbiResourceId: resourceId('db'),
    'Endpoint.Address': endpoint(''),
    'Endpoint.Port': port,
    'MasterUserSecret.SecretArn': mainUserSecret('db'),
  },
};

/** DocumentDB and Neptune have the ARNs of RDS, and attributes of their own. */
const relatedCluster: Kind = {
  ...cluster,
  attributes: {
    ClusterResourceId: resourceId('cluster'),
    Id: 'id',
    Endpoint: endpoint('cluster-'),
    Port: port,
    ReadEndpoint: endpoint('cluster-ro-'),
  },
};

const relatedInstance: Kind = { ...instance, attributes: { Endpoint: endpoint(''), Id: 'id', Port: port } };

const rds = (property: string, prefix: string, attributes?: Kind['attributes']): Kind => ({
  id: namedSmall(property),
  arn: regional('rds', prefix),
  attributes,
});

const table: Kind = {
  id: named('TableName'),
  arn: regional('dynamodb', 'table/'),
  attributes: {
    // The label is the moment in which the stream was made.
    StreamArn: (of, id) => arn(of, 'dynamodb', `table/${id}/stream/1970-01-01T00:00:00.000`),
    TableId: uuid,
  },
};

const domainEndpoint = (of: Subject, id: string) =>
  `search-${id}-${random(of).small(26)}.${of.place.region}.es.${urlSuffixOf(of.place.region)}`;

const searchDomain: Kind = {
  id: namedSmall('DomainName'),
  arn: regional('es', 'domain/'),
  attributes: {
    Id: (of, id) => `${of.place.account}/${id}`,
    DomainEndpoint: domainEndpoint,
  },
};

export const data: Kinds = {
  'AWS::RDS::DBCluster': cluster,
  'AWS::RDS::GlobalCluster': {
    id: namedSmall('GlobalClusterIdentifier'),
    arn: ({ place }, id) => `arn:${place.partition}:rds::${place.account}:global-cluster:${id}`,
  },
  'AWS::RDS::DBInstance': instance,
  'AWS::RDS::DBProxy': {
    id: namedSmall('DBProxyName'),
    arn: (of) => arn(of, 'rds', `db-proxy:prx-${random(of).hex(17)}`),
    attributes: { DBProxyArn: 'arn', Endpoint: endpoint('proxy-') },
  },
  'AWS::RDS::DBSubnetGroup': rds('DBSubnetGroupName', 'subgrp:', { DBSubnetGroupArn: 'arn' }),
  'AWS::RDS::DBParameterGroup': rds('DBParameterGroupName', 'pg:', { DBParameterGroupArn: 'arn' }),
  'AWS::RDS::DBClusterParameterGroup': rds('DBClusterParameterGroupName', 'cluster-pg:'),
  'AWS::RDS::OptionGroup': rds('OptionGroupName', 'og:'),
  'AWS::RDS::EventSubscription': rds('SubscriptionName', 'es:'),
  'AWS::DocDB::DBCluster': relatedCluster,
  'AWS::DocDB::DBInstance': relatedInstance,
  'AWS::DocDB::DBSubnetGroup': rds('DBSubnetGroupName', 'subgrp:'),
  'AWS::Neptune::DBCluster': relatedCluster,
  'AWS::Neptune::DBInstance': relatedInstance,
  'AWS::Neptune::DBSubnetGroup': rds('DBSubnetGroupName', 'subgrp:'),

  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,

  'AWS::OpenSearchService::Domain': searchDomain,
  'AWS::Elasticsearch::Domain': searchDomain,
  'AWS::OpenSearchServerless::Collection': {
    id: (of) => random(of).small(20),
    arn: regional('aoss', 'collection/'),
    attributes: {
      Id: 'id',
      CollectionEndpoint: ({ place }, id) =>
        `https://${id}.${place.region}.aoss.${urlSuffixOf(place.region)}`,
    },
  },

  'AWS::ElastiCache::CacheCluster': {
    id: namedSmall('ClusterName'),
    arn: regional('elasticache', 'cluster:'),
  },
  'AWS::ElastiCache::ReplicationGroup': {
    id: namedSmall('ReplicationGroupId'),
    arn: regional('elasticache', 'replicationgroup:'),
  },
  'AWS::ElastiCache::ServerlessCache': {
    id: namedSmall('ServerlessCacheName'),
    arn: regional('elasticache', 'serverlesscache:'),
    attributes: { ARN: 'arn' },
  },
  'AWS::Redshift::Cluster': { id: namedSmall('ClusterIdentifier'), arn: regional('redshift', 'cluster:') },

  'AWS::Glue::Job': { id: named('Name'), arn: regional('glue', 'job/') },
  'AWS::Glue::Crawler': { id: named('Name'), arn: regional('glue', 'crawler/') },
  'AWS::Glue::Trigger': { id: named('Name'), arn: regional('glue', 'trigger/') },
  'AWS::Athena::WorkGroup': { id: named('Name'), arn: regional('athena', 'workgroup/') },
  'AWS::DMS::ReplicationInstance': {
    id: (of) => random(of).capitals(26),
    arn: regional('dms', 'rep:'),
    ref: 'arn',
  },
  'AWS::FSx::FileSystem': {
    id: hexId('fs-'),
    arn: regional('fsx', 'file-system/'),
    attributes: { ResourceARN: 'arn' },
  },
};
