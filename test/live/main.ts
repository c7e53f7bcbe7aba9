import { runChecker } from './checker.js';

/** `npm run check:live -- [seconds] [seed]` */
const [seconds = '300', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const started = Date.now();
const report = await runChecker({
  seed: Number(seed),
  seconds: Number(seconds),
  print: (line) => console.log(`${((Date.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${line}`),
});
console.log(JSON.stringify(report, null, 2));
process.exit(0);
