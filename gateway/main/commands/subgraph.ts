import { parseArgs } from 'node:util';
import { createMetrics } from '../../../subgraphs/kit/observability/process-metrics.js';
import { readSettings } from '../../config/read-settings.js';
import type { Role } from '../../config/setting.js';
import { createLogger } from '../../observability/logger.js';
import { openEnvironment } from '../environment.js';
import { standardError } from '../standard-error.js';
import { findSubgraph, SUBGRAPHS } from '../subgraph-table.js';
import { untilStopped } from '../until-stopped.js';
import { type Command, UsageError } from './command.js';

export const subgraphCommand: Command = {
  name: 'subgraph',
  summary: 'starts one subgraph of the platform, or one demonstration department',
  usage: 'subgraph <name> [--port <port>] [--json]',
  help: `Names: ${SUBGRAPHS.map(({ name }) => name).join(', ')}, and every department that has a folder of its own.
It registers with the registry at REGISTRY_URL. The address is printed once it listens, with --json as one line of JSON;
logs go to standard error.

  npx acceptance subgraph registry
  REGISTRY_URL=http://127.0.0.1:4101/graphql SUBGRAPH_PORT=4201 npx acceptance subgraph drug`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { port: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const known = await findSubgraph(positionals[0] ?? '');
    if (known === undefined || positionals.length > 1) throw new UsageError(`name one of ${SUBGRAPHS.map(({ name }) => name).join(', ')}`);
    const role = known.kind === 'department' ? 'department' : (known.name as Role);
    const env = { ...process.env, ...(values.port !== undefined && { SUBGRAPH_PORT: values.port }) };
    const { subgraphs: settings } = readSettings(env, role);
    const log = createLogger(settings.logLevel, standardError).child({ subgraph: known.name });
    const metrics = createMetrics({ service: known.name, ownProcess: true });
    const subgraph = await known.start({ ...(await openEnvironment(settings, log, role)), metrics }, settings);
    subgraph.registered?.catch((error: unknown) => log.error({ err: error }, 'the registry refused this subgraph'));
    console.log(values.json ? JSON.stringify({ name: subgraph.name, url: subgraph.url }) : `${subgraph.name} ${subgraph.url}`);
    await untilStopped(subgraph, (line) => log.info(line));
    return 0;
  },
};
