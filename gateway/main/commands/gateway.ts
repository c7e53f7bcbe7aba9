import { parseArgs } from 'node:util';
import { readGatewaySettings } from '../../config.js';
import { createLogger } from '../../observability/logger.js';
import { openIdentity } from '../environment.js';
import { startConfiguredGateway } from '../gateway-process.js';
import { standardError } from '../standard-error.js';
import { readSubgraphSettings } from '../subgraph-settings.js';
import { untilStopped } from '../until-stopped.js';
import type { Command } from './command.js';
import { UsageError } from './command.js';

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
    const settings = readGatewaySettings(process.env);
    if (settings.supergraphFile === undefined && settings.registryUrl === undefined) {
      throw new UsageError('set REGISTRY_URL to follow a registry, or GATEWAY_SUPERGRAPH to serve a fixed supergraph');
    }
    const log = createLogger(settings.logLevel, standardError);
    const identity = settings.auth ? await openIdentity(readSubgraphSettings(process.env)) : undefined;
    const { gateway } = await startConfiguredGateway(settings, log, identity?.tokens, identity?.exchange);
    console.log(values.json ? JSON.stringify({ name: 'gateway', url: gateway.url }) : `gateway ${gateway.url}`);
    await untilStopped(gateway, (line) => log.info(line));
    return 0;
  },
};
