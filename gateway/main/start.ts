import { parseArgs } from 'node:util';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { readSettings } from '../config/read-settings.js';
import { createLogger } from '../observability/logger.js';
import { lockData } from './data-lock.js';
import { startDemo } from './demo/start-demo.js';
import { welcome } from './demo/welcome.js';
import { nodeProblem } from './node-version.js';
import { standardError } from './standard-error.js';
import { startSystem } from './system.js';
import { untilStopped } from './until-stopped.js';

const HELP = `npm start [-- --simulate]

Starts the platform, the demonstration departments and the gateway in one process, on embedded stores under data/.

  --simulate   keeps new applications and department work going
  --help       this text

Settings are environment variables: GATEWAY_PORT (4000), DATA_DIR (data), STORE_URL, REDIS_URL, LOG_LEVEL, and others;
"npx acceptance config" prints what holds, the README lists all.`;

/** `npm start`: everything in one process. */
async function main(): Promise<number> {
  const problem = nodeProblem();
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const { values } = parseArgs({ options: { simulate: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const env = { LOG_LEVEL: 'warn', ...process.env };
  const settings = readSettings(env, 'system');
  await using stack = new AsyncDisposableStack();
  stack.use(await lockData(settings.subgraphs.dataDir));
  const system = stack.use(await startSystem(settings, createLogger(settings.gateway.logLevel, standardError)));
  const demo = await startDemo(system);
  if (demo !== undefined) {
    stack.use(demo);
    console.log(welcome(system, demo.people));
    if (values.simulate) demo.simulate((line) => console.log(line));
  }
  const running = stack.move();
  await untilStopped({ [Symbol.asyncDispose]: () => running.disposeAsync() }, (line) => console.log(line));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CataloguedError || isUsage(error) ? (error as Error).message : error);
  process.exitCode = 1;
}

function isUsage(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EADDRINUSE' || code?.startsWith('ERR_PARSE_ARGS') === true;
}
