import { expect, test } from 'vitest';
import { nginxInstalled } from '../support/nginx-process.js';
import { mariadbInstalled } from '../support/own-mariadb.js';
import { redisInstalled } from '../support/own-redis.js';
import { roll } from './rolling/roll.js';

const installed = mariadbInstalled && redisInstalled && nginxInstalled;
/** What clients ask, and what shares work, in two; the rest can be away without their asking it. `npm run rolling` has everything in two. */
const PARTS = { registry: 1, catalog: 1, acceptance: 2, supervision: 1, drug: 2, gateway: 2 };

test.skipIf(!installed)(
  `an upgrade, one instance after the other, fails nobody and loses nothing${installed ? '' : ' (skipped: no mariadbd, redis-server or nginx here)'}`,
  async () => {
    const restarted = ['registry', 'acceptance', 'acceptance-2', 'drug', 'drug-2', 'gateway', 'gateway-2', 'supervision'];
    const { failures, requests, accepted, events } = await roll({ parts: PARTS, restarted, rate: 5, subscriptions: 8, print: () => {} });
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(20);
    expect(accepted).toBeGreaterThan(0);
    expect(events).toBeGreaterThan(accepted);
  },
  400_000,
);
