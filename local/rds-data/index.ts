export { type Login, type RdsData, type RdsDataOptions, type Reply, rdsData } from './rds-data';
export { type RdsDataServer, type ServerOptions, startRdsData } from './server';
