import { existsSync } from 'node:fs';

export type GatewayKind = 'ours' | 'apollo' | 'hive' | 'hive-rust' | 'floor';

/** Where gateways that are no dependency of ours are installed, by `npm install` there. */
export const PEERS = new URL('../../../../test/bench/peers/', import.meta.url);
export const peersAreThere = (): boolean => existsSync(new URL('node_modules', PEERS));
