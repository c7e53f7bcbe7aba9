import type { Command } from './command.js';

/** The commands by name, each loaded when it is asked for: a part that runs loads nothing of the others. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  'department init': async () => (await import('./department-init.js')).departmentInitCommand,
  'department check': async () => (await import('./department-check.js')).departmentCheckCommand,
  'department publish': async () => (await import('./department-publish.js')).departmentPublishCommand,
  'supergraph compose': async () => (await import('./supergraph-compose.js')).supergraphComposeCommand,
  'supergraph diff': async () => (await import('./supergraph-versions.js')).supergraphDiffCommand,
  'supergraph history': async () => (await import('./supergraph-versions.js')).supergraphHistoryCommand,
  'supergraph rollback': async () => (await import('./supergraph-versions.js')).supergraphRollbackCommand,
  subgraph: async () => (await import('./subgraph.js')).subgraphCommand,
  gateway: async () => (await import('./gateway.js')).gatewayCommand,
  config: async () => (await import('./config.js')).configCommand,
  watch: async () => (await import('./watch.js')).watchCommand,
  status: async () => (await import('./status.js')).statusCommand,
  'store copy': async () => (await import('./store-copy.js')).storeCopyCommand,
  'store backup': async () => (await import('./store-backup.js')).storeBackupCommand,
  'store restore': async () => (await import('./store-backup.js')).storeRestoreCommand,
  'feed status': async () => (await import('./feed.js')).feedStatusCommand,
  'feed reset': async () => (await import('./feed.js')).feedResetCommand,
  'privacy status': async () => (await import('./privacy.js')).privacyStatusCommand,
  'privacy rotate': async () => (await import('./privacy.js')).privacyRotateCommand,
  'privacy rekey': async () => (await import('./privacy.js')).privacyRekeyCommand,
  'privacy retire': async () => (await import('./privacy.js')).privacyRetireCommand,
  'audit verify': async () => (await import('./audit-verify.js')).auditVerifyCommand,
  'exchange list': async () => (await import('./exchange.js')).exchangeListCommand,
  'exchange prove': async () => (await import('./exchange.js')).exchangeProveCommand,
  'keys make': async () => (await import('./keys-make.js')).keysMakeCommand,
  'keys rotate': async () => (await import('./keys-rotate.js')).keysRotateCommand,
  'archive verify': async () => (await import('./archive-verify.js')).archiveVerifyCommand,
};

/** All of them, in their order. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
