/** Every rule, in the order of its number. Adding one: a file here, a page in `docs/rules/`, a case in `test/db/rules/`. */
import type { Rule } from '../rule';
import { rule as tz101 } from './tz101-rls-disabled';
import { rule as tz102 } from './tz102-rls-not-forced';
import { rule as tz103 } from './tz103-child-unprotected';
import { rule as tz104 } from './tz104-child-reachable';
import { rule as tz105 } from './tz105-unregistered-relation';
import { rule as tz106 } from './tz106-unregistered-reachable';
import { rule as tz107 } from './tz107-unregistered-unsealed';
import { rule as tz108 } from './tz108-restrictive-policy-missing';
import { rule as tz109 } from './tz109-owner-policy-missing';
import { rule as tz110 } from './tz110-policy-for-public';
import { rule as tz111 } from './tz111-policy-for-owner';
import { rule as tz112 } from './tz112-foreign-permissive-policy';
import { rule as tz113 } from './tz113-foreign-restrictive-policy';
import { rule as tz114 } from './tz114-policy-always-true';
import { rule as tz115 } from './tz115-parent-unregistered';
import { rule as tz116 } from './tz116-engine-trigger-missing';
import { rule as tz117 } from './tz117-engine-trigger-changed';
import { rule as tz118 } from './tz118-trigger-definer';
import { rule as tz119 } from './tz119-trigger-notify';
import { rule as tz120 } from './tz120-trigger-disabled';
import { rule as tz121 } from './tz121-event-trigger';
import { rule as tz122 } from './tz122-rewrite-rule';
import { rule as tz123 } from './tz123-late-trigger';
import { rule as tz124 } from './tz124-excluded-with-organization';
import { rule as tz130 } from './tz130-registry-role-attribute';
import { rule as tz131 } from './tz131-registry-role-member';
import { rule as tz132 } from './tz132-role-admin';
import { rule as tz133 } from './tz133-registry-role-owns';
import { rule as tz134 } from './tz134-owner-member';
import { rule as tz135 } from './tz135-powerful-role-member';
import { rule as tz136 } from './tz136-strong-role';
import { rule as tz137 } from './tz137-predefined-role-member';
import { rule as tz138 } from './tz138-owner-account';
import { rule as tz139 } from './tz139-guard-owner-attribute';
import { rule as tz140 } from './tz140-parameter-grant';
import { rule as tz141 } from './tz141-role-setting';
import { rule as tz142 } from './tz142-server-setting';
import { rule as tz143 } from './tz143-server-version';
import { rule as tz150 } from './tz150-privilege-beyond-verbs';
import { rule as tz151 } from './tz151-public-grant';
import { rule as tz152 } from './tz152-role-outside-registry';
import { rule as tz153 } from './tz153-sequence-grant';
import { rule as tz154 } from './tz154-default-privileges';
import { rule as tz155 } from './tz155-function-default-execute';
import { rule as tz156 } from './tz156-schema-create';
import { rule as tz157 } from './tz157-database-privilege';
import { rule as tz158 } from './tz158-system-object-grant';
import { rule as tz160 } from './tz160-guard-privilege';
import { rule as tz161 } from './tz161-guard-function-execute';
import { rule as tz162 } from './tz162-guard-owner-changed';
import { rule as tz163 } from './tz163-guard-function-slow';
import { rule as tz164 } from './tz164-guard-table-rls';
import { rule as tz165 } from './tz165-view-not-invoker';
import { rule as tz166 } from './tz166-materialized-view';
import { rule as tz167 } from './tz167-foreign-table';
import { rule as tz168 } from './tz168-definer-function';
import { rule as tz169 } from './tz169-definer-search-path';
import { rule as tz170 } from './tz170-expression-definer';
import { rule as tz171 } from './tz171-leakproof-function';
import { rule as tz172 } from './tz172-catalog-name-shadowed';
import { rule as tz173 } from './tz173-dangerous-extension';
import { rule as tz174 } from './tz174-large-objects';
import { rule as tz175 } from './tz175-publication';
import { rule as tz176 } from './tz176-extended-statistics';
import { rule as tz177 } from './tz177-system-type-cast';
import { rule as tz178 } from './tz178-subscription';
import { rule as tz179 } from './tz179-payload-names-organization';
import { rule as tz180 } from './tz180-foreign-key-without-organization';
import { rule as tz181 } from './tz181-cascade-across-organizations';
import { rule as tz182 } from './tz182-cascade-outside';
import { rule as tz183 } from './tz183-unique-without-organization';
import { rule as tz184 } from './tz184-organization-nullable';
import { rule as tz185 } from './tz185-organization-without-foreign-key';
import { rule as tz186 } from './tz186-organization-type';
import { rule as tz187 } from './tz187-organization-index';
import { rule as tz188 } from './tz188-organizations-writable';
import { rule as tz189 } from './tz189-constraint-not-enforced';

export const rules: readonly Rule[] = [
  tz101,
  tz102,
  tz103,
  tz104,
  tz105,
  tz106,
  tz107,
  tz108,
  tz109,
  tz110,
  tz111,
  tz112,
  tz113,
  tz114,
  tz115,
  tz116,
  tz117,
  tz118,
  tz119,
  tz120,
  tz121,
  tz122,
  tz123,
  tz124,
  tz130,
  tz131,
  tz132,
  tz133,
  tz134,
  tz135,
  tz136,
  tz137,
  tz138,
  tz139,
  tz140,
  tz141,
  tz142,
  tz143,
  tz150,
  tz151,
  tz152,
  tz153,
  tz154,
  tz155,
  tz156,
  tz157,
  tz158,
  tz160,
  tz161,
  tz162,
  tz163,
  tz164,
  tz165,
  tz166,
  tz167,
  tz168,
  tz169,
  tz170,
  tz171,
  tz172,
  tz173,
  tz174,
  tz175,
  tz176,
  tz177,
  tz178,
  tz179,
  tz180,
  tz181,
  tz182,
  tz183,
  tz184,
  tz185,
  tz186,
  tz187,
  tz188,
  tz189,
];
