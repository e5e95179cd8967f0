-- The only convenient way to an organization: its row, its Owner role, and the creator's membership, together.
--
-- SECURITY INVOKER: the function adds no power. The app chooses the id, signs a tenant token for it and calls this as
-- `app_backend`; policies let it write rows of that one organization. No role that sees everything is needed, and
-- injected SQL cannot create organizations, having no token for them.
create function access.create_organization(
  name text,
  slug text,
  creator uuid,
  id uuid default gen_random_uuid()
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  owner_membership uuid := gen_random_uuid();
  owner_role uuid := gen_random_uuid();
begin
  insert into public.organizations (id, name, slug, owner_membership_id)
  values (create_organization.id, create_organization.name, create_organization.slug, owner_membership);
  insert into public.organization_roles (organization_id, id, name, permissions, is_protected)
  values (create_organization.id, owner_role, 'Owner', '{"all": true}', true);
  insert into public.memberships (organization_id, id, user_id, role_id, role_is_protected)
  values (create_organization.id, owner_membership, creator, owner_role, true);
  return create_organization.id;
end
$$;

comment on function access.create_organization is
  'Creates an organization with its Owner role and its first owner. For app_backend with a tenant token for id.';

-- PUBLIC has no EXECUTE: default privileges of the owner role. Said again for whoever runs this without bootstrap.
revoke execute on function access.create_organization from public;
grant usage on schema access to app_backend;
grant execute on function access.create_organization to app_backend;
