import type { Command } from './command.js';
import { gatewayCommand } from './gateway.js';
import { subgraphCommand } from './subgraph.js';
import { supergraphComposeCommand } from './supergraph-compose.js';
import { watchCommand } from './watch.js';

export const COMMANDS: readonly Command[] = [gatewayCommand, subgraphCommand, supergraphComposeCommand, watchCommand];
