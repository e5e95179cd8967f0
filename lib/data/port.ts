/**
 * Where PostgreSQL listens, in all stages: the security groups are made before the database. Not 5432: what scans for
 * databases finds nothing, and a client that was pointed here by accident does not connect.
 */
export const DATABASE_PORT = 5433;
