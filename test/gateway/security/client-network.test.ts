import { expect, test } from 'vitest';
import { clientNetwork } from '../../../gateway/security/client-network.js';
import { RateLimits } from '../../../gateway/security/rate-limits.js';
import { ConnectionCounter } from '../../../gateway/subscriptions/transports/connection-limits.js';
import { ANONYMOUS } from '../../../subgraphs/kit/identity/caller.js';

test.for([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['unknown', 'unknown'],
])('%s is counted as %s', ([address, network]) => {
  expect(clientNetwork(address as string)).toBe(network);
});

test('who takes another address of its own /64 for each request is counted as one', async () => {
  await using rates = new RateLimits({ perIdentity: 0, perAddress: 1 });
  const asked = async () => {
    for (let n = 0; n < 30; n++) await rates.fromAddress(`2001:db8:1:2::${n.toString(16)}`);
  };
  await expect(asked()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  await rates.fromAddress('2001:db8:1:3::1');
  const counter = new ConnectionCounter(2);
  const enter = (last: string) => counter.enter({ ...ANONYMOUS, requestId: 'r' }, `2001:db8:1:2::${last}`);
  expect([enter('1'), enter('2'), enter('3')].map((place) => place !== undefined)).toEqual([true, true, false]);
});
