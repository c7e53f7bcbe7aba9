import { archiveVerifyCommand } from './archive-verify.js';
import { auditVerifyCommand } from './audit-verify.js';
import type { Command } from './command.js';
import { configCommand } from './config.js';
import { departmentCheckCommand } from './department-check.js';
import { departmentInitCommand } from './department-init.js';
import { departmentPublishCommand } from './department-publish.js';
import { exchangeListCommand, exchangeProveCommand } from './exchange.js';
import { gatewayCommand } from './gateway.js';
import { keysMakeCommand } from './keys-make.js';
import { keysRotateCommand } from './keys-rotate.js';
import { privacyRekeyCommand, privacyRetireCommand, privacyRotateCommand, privacyStatusCommand } from './privacy.js';
import { subgraphCommand } from './subgraph.js';
import { supergraphComposeCommand } from './supergraph-compose.js';
import { supergraphDiffCommand, supergraphHistoryCommand, supergraphRollbackCommand } from './supergraph-versions.js';
import { watchCommand } from './watch.js';

export const COMMANDS: readonly Command[] = [
  departmentInitCommand,
  departmentCheckCommand,
  departmentPublishCommand,
  supergraphComposeCommand,
  supergraphDiffCommand,
  supergraphHistoryCommand,
  supergraphRollbackCommand,
  subgraphCommand,
  gatewayCommand,
  configCommand,
  watchCommand,
  privacyStatusCommand,
  privacyRotateCommand,
  privacyRekeyCommand,
  privacyRetireCommand,
  auditVerifyCommand,
  exchangeListCommand,
  exchangeProveCommand,
  keysMakeCommand,
  keysRotateCommand,
  archiveVerifyCommand,
];
