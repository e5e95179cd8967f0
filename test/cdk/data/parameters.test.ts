/** Settings of PostgreSQL that others rely on. */
import { CONFIGURATION } from '../../../app/contract';
import { INSTANCE_PARAMETERS, PARAMETERS } from '../../../lib/data/parameters';

test('nobody connects without TLS, and no password is stored that is weaker than SCRAM', () => {
  expect(PARAMETERS).toMatchObject({
    'rds.force_ssl': '1',
    ssl_min_protocol_version: 'TLSv1.2',
    password_encryption: 'scram-sha-256',
    'rds.restrict_password_commands': '1',
  });
});

test('pgaudit is loaded, for every instance too, and off until a role switches it on', () => {
  expect(PARAMETERS['pgaudit.log']).toBe('none');
  for (const group of [PARAMETERS, INSTANCE_PARAMETERS])
    expect(group.shared_preload_libraries?.split(',')).toContain('pgaudit');
});

test('no row and no statement of the app reaches the log', () => {
  expect(PARAMETERS).toMatchObject({
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
  });
  expect(PARAMETERS).not.toHaveProperty('log_min_duration_statement');
});

test('who comes and goes is in the log', () => {
  expect(PARAMETERS).toMatchObject({ log_connections: 'all', log_disconnections: '1' });
});

test('a statement may take longer than any request that is configured, and ends', () => {
  const legal = new RegExp(CONFIGURATION['request-timeout-ms'].pattern);
  const longest = [...Array(100_000).keys()].findLast((each) => legal.test(String(each)));
  expect(longest).toBe(29_999);
  expect(Number(PARAMETERS.statement_timeout)).toBeGreaterThan(29_999);
  expect(Number(PARAMETERS.statement_timeout)).toBeLessThanOrEqual(5 * 60_000);
});

test('idle sessions end, the sooner when they hold locks', () => {
  const { idle_in_transaction_session_timeout: holding, idle_session_timeout: idle } = PARAMETERS;
  expect(Number(holding)).toBeGreaterThan(0);
  expect(Number(idle)).toBeGreaterThan(Number(holding));
});
