import { benchLedger } from './ledger/bench.js';
import { benchPlanning } from './planning/bench.js';
import { benchPublishing } from './publishing/bench.js';
import { benchSpeed } from './speed/bench.js';
import { benchSubscriptions } from './subscriptions/bench.js';

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  ledger: benchLedger,
  planning: benchPlanning,
  publishing: benchPublishing,
  speed: benchSpeed,
  subscriptions: benchSubscriptions,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`npm run bench -- <name>, where <name> is one of: ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 1;
} else await bench(args);
