// Takes the applier's lock, begins a transaction, says so, and waits to be killed.
import pg from 'pg';

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
await client.query('SELECT pg_catalog.pg_advisory_lock(8387226000912395056)');
await client.query('BEGIN; SET LOCAL ROLE small_owner; CREATE TABLE public.half (id int)');
process.send('holding');
setInterval(() => undefined, 1000);
