import { parseArgs } from 'node:util';
import { readSettings } from '../../config/read-settings.js';
import { createLogger } from '../../observability/logger.js';
import { openIdentity } from '../environment.js';
import { startConfiguredGateway } from '../gateway-process.js';
import { standardError } from '../standard-error.js';
import { untilStopped } from '../until-stopped.js';
import type { Command } from './command.js';

export const gatewayCommand: Command = {
  name: 'gateway',
  summary: 'starts one gateway',
  usage: 'gateway [--json]',
  help: `It follows the registry at REGISTRY_URL, or serves the fixed supergraph GATEWAY_SUPERGRAPH=<file.graphql>.
The address is printed once it listens, with --json as one line of JSON; logs go to standard error.

  REGISTRY_URL=http://10.0.0.5:4101/graphql npx acceptance gateway
  GATEWAY_SUPERGRAPH=supergraph.graphql GATEWAY_AUTH=off npx acceptance gateway`,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    const { gateway: settings, subgraphs } = readSettings(process.env, 'gateway');
    const log = createLogger(settings.logLevel, standardError);
    const identity = settings.auth ? await openIdentity(subgraphs) : undefined;
    const { storeUrl, auditStoreUrl } = subgraphs;
    const { gateway } = await startConfiguredGateway(settings, log, { storeUrl, auditStoreUrl, ...identity });
    console.log(values.json ? JSON.stringify({ name: 'gateway', url: gateway.url }) : `gateway ${gateway.url}`);
    await untilStopped(gateway, (line) => log.info(line));
    return 0;
  },
};
