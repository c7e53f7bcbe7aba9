import { parseArgs } from 'node:util';
import { TableNotFoundException } from '@mikro-orm/core';
import { AUDIT_STORE } from '../../../subgraphs/kit/audit/audit-store.js';
import { type AuditAnchor, type AuditVerdict, verifyAudit } from '../../../subgraphs/kit/audit/verify-audit.js';
import { connectStore } from '../../../subgraphs/kit/store/open-store.js';
import { AUDIT_STORES_HELP, auditStores } from './audit-stores.js';
import { type Command, UsageError } from './command.js';

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  summary: 'finds audit records that were altered, deleted, moved or put in',
  usage: 'audit verify [<name>…] [--store <url>] [--expect <position>:<hash>] [--json]',
  help: `Without names, every audit there is: of the subgraphs, and the gateway's under the name of gateway. It prints where each chain ends: note that elsewhere, and give it to a later verification
of the same audit with --expect, which finds a chain that was written anew as a whole.
${AUDIT_STORES_HELP}

  npx acceptance audit verify
  npx acceptance audit verify acceptance --store mysql://auditor@db/acceptance --expect 1204:5f…

Exit codes: 0 every chain is whole; 1 something was found; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: 'string' },
        expect: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    });
    const anchors = values.expect.map(anchor);
    if (anchors.length > 0 && positionals.length !== 1) throw new UsageError('--expect is of one audit: name it');
    const verdicts: Record<string, AuditVerdict> = {};
    for (const { name, address } of await auditStores(positionals, values.store)) {
      await using store = await connectStore(address, AUDIT_STORE);
      try {
        verdicts[name] = await verifyAudit(store, anchors);
      } catch (error) {
        // a database server has all of a province, or a part
        if (positionals.length > 0 || !(error instanceof TableNotFoundException)) throw error;
        console.error(`${name.padEnd(16)} has no audit here`);
      }
    }
    if (Object.keys(verdicts).length === 0) throw new UsageError('there is no audit here; set STORE_URL or DATA_DIR, or give --store');
    const lines = Object.entries(verdicts).flatMap(([name, { records, end, problems }]) => [
      `${name.padEnd(16)} ${records} records, ${problems.length === 0 ? 'whole' : `${problems.length} problems`}; ends at ${end.position}:${end.hash}`,
      ...problems.map(({ kind, position, what }) => `  ${kind.padEnd(14)} ${position}: ${what}`),
    ]);
    console.log(values.json ? JSON.stringify(verdicts) : lines.join('\n'));
    return Object.values(verdicts).some(({ problems }) => problems.length > 0) ? 1 : 0;
  },
};

function anchor(text: string): AuditAnchor {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position === undefined || hash === undefined)
    throw new UsageError('--expect is <position>:<hash>, as an earlier verification printed it');
  return { position: Number(position), hash };
}
