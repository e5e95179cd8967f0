/** `aclexplode` of a column as grants, the owner aside. */
export const aclJson = (acl: string, owner: string) => `(
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', g.role, 'privileges', g.privileges))
  FROM (
    SELECT CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END AS role,
           pg_catalog.array_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END ORDER BY x.privilege_type) AS privileges
    FROM pg_catalog.aclexplode(${acl}) x WHERE x.grantee <> ${owner} GROUP BY 1
  ) g)`;
