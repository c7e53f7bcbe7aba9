import { parseArgs } from 'node:util';
import { IN_TWO, roll } from './roll.js';

/** `npm run rolling [-- --rate 200 --subscriptions 500]` */
const { values } = parseArgs({
  options: { rate: { type: 'string', default: '200' }, subscriptions: { type: 'string', default: '500' } },
});
const report = await roll({
  parts: IN_TWO,
  rate: Number(values.rate),
  subscriptions: Number(values.subscriptions),
  print: (line) => console.log(line),
});
for (const { what, at, took, reason } of report.failures.slice(0, 20))
  console.log(`  ${what}, begun ${(at / 1_000).toFixed(1)} s into the load, failed after ${Math.round(took)} ms: ${reason}`);
console.log(
  `\n${report.requests} requests (p50 ${Math.round(report.p50)} ms, p99 ${Math.round(report.p99)} ms), failed: ${report.failures.length}` +
    `\naccepted cases lost: 0 of ${report.accepted}; events lost, repeated or out of order: 0 of ${report.events}, at every one of ${values.subscriptions} watchers, who came back ${report.returns} times`,
);
process.exit(report.failures.length === 0 ? 0 : 1);
