/** IAM, IAM Identity Center, Organizations, Cognito. */

import {
  arn,
  generated,
  globalArn,
  hexId,
  type Kinds,
  lastPart,
  named,
  random,
  regional,
  type Subject,
  text,
  uuid,
} from '../kind';
import { urlSuffixOf } from '../partition';
import { mark } from '../unresolved';

const path = (of: Subject) => text(of, 'Path') ?? '/';

const iam = (kind: string) => (of: Subject, id: string) => globalArn(of, 'iam', `${kind}${path(of)}${id}`);

/** The last words of the name are each service's own choice. */
const serviceLinkedName = (of: Subject) =>
  `AWSServiceRoleFor${mark(`the name of the service-linked role of ${text(of, 'AWSServiceName')}`)}`;

/** No template says which organization it is deployed to. */
const organization = mark('the id of the organization');

const organizational =
  (kind: string) =>
  ({ place }: Subject, id: string) =>
    `arn:${place.partition}:organizations::${place.account}:${kind}/${organization}/${id}`;

const permissionSetArn = (of: Subject) =>
  `arn:${of.place.partition}:sso:::permissionSet/${lastPart(text(of, 'InstanceArn') ?? '')}/ps-${random(of).hex(16)}`;

const userPoolHost = ({ place }: Subject, id: string) =>
  `cognito-idp.${place.region}.${urlSuffixOf(place.region)}/${id}`;

export const identity: Kinds = {
  'AWS::IAM::Role': {
    id: named('RoleName'),
    arn: iam('role'),
    attributes: { RoleId: (of) => `AROA${random(of).capitals(17)}` },
  },
  'AWS::IAM::User': { id: named('UserName'), arn: iam('user') },
  'AWS::IAM::Group': { id: named('GroupName'), arn: iam('group') },
  'AWS::IAM::ManagedPolicy': {
    id: named('ManagedPolicyName'),
    arn: iam('policy'),
    ref: 'arn',
    attributes: { PolicyArn: 'arn', PolicyId: (of) => `ANPA${random(of).capitals(17)}` },
  },
  'AWS::IAM::InstanceProfile': { id: named('InstanceProfileName'), arn: iam('instance-profile') },
  'AWS::IAM::OIDCProvider': {
    id: (of) => (text(of, 'Url') ?? generated(of)).replace(/^https:\/\//, '').replace(/\/$/, ''),
    arn: (of, id) => globalArn(of, 'iam', `oidc-provider/${id}`),
    ref: 'arn',
  },
  'AWS::IAM::SAMLProvider': {
    id: named('Name'),
    arn: (of, id) => globalArn(of, 'iam', `saml-provider/${id}`),
    ref: 'arn',
  },
  'AWS::IAM::ServerCertificate': { id: named('ServerCertificateName'), arn: iam('server-certificate') },
  'AWS::IAM::ServiceLinkedRole': {
    id: serviceLinkedName,
    arn: (of, id) => globalArn(of, 'iam', `role/aws-service-role/${text(of, 'AWSServiceName')}/${id}`),
    attributes: { RoleName: 'id' },
  },
  'AWS::IAM::AccessKey': { id: (of) => `AKIA${random(of).capitals(16)}` },

  'AWS::SSO::PermissionSet': {
    id: permissionSetArn,
    arn: permissionSetArn,
    attributes: { PermissionSetArn: 'arn' },
  },
  'AWS::SSO::Assignment': { id: generated },

  'AWS::Organizations::Policy': {
    id: hexId('p-', 8),
    arn: (of, id) => organizational('policy')(of, `${(text(of, 'Type') ?? '').toLowerCase()}/${id}`),
    attributes: { Id: 'id' },
  },
  'AWS::Organizations::OrganizationalUnit': {
    id: (of) => `ou-${random(of).small(4)}-${random(of, '/unit').small(8)}`,
    arn: organizational('ou'),
    attributes: { Id: 'id' },
  },
  'AWS::Organizations::Account': {
    // A made-up number would be somebody's account.
    id: (of) => mark(`the number of the account ${text(of, 'AccountName') ?? of.logicalId}`),
    arn: organizational('account'),
    attributes: { AccountId: 'id' },
  },

  'AWS::IdentityStore::Group': { id: uuid, attributes: { GroupId: 'id' } },
  'AWS::RolesAnywhere::TrustAnchor': {
    id: uuid,
    arn: regional('rolesanywhere', 'trust-anchor/'),
    attributes: { TrustAnchorArn: 'arn', TrustAnchorId: 'id' },
  },
  'AWS::RolesAnywhere::Profile': {
    id: uuid,
    arn: regional('rolesanywhere', 'profile/'),
    attributes: { ProfileArn: 'arn', ProfileId: 'id' },
  },

  'AWS::Cognito::UserPool': {
    id: (of) => `${of.place.region}_${random(of).letters(9)}`,
    arn: regional('cognito-idp', 'userpool/'),
    attributes: {
      UserPoolId: 'id',
      ProviderName: userPoolHost,
      ProviderURL: (of, id) => `https://${userPoolHost(of, id)}`,
    },
  },
  'AWS::Cognito::UserPoolClient': {
    id: (of) => random(of).small(26),
    attributes: { ClientId: 'id' },
  },
  'AWS::Cognito::IdentityPool': {
    id: (of) => `${of.place.region}:${uuid(of)}`,
    arn: (of, id) => arn(of, 'cognito-identity', `identitypool/${id}`),
    attributes: { Id: 'id', Name: (of) => text(of, 'IdentityPoolName') ?? generated(of) },
  },
};
