import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AUDIT_STORE, AUDIT_SUFFIX } from '../../../subgraphs/kit/audit/audit-store.js';
import { type AuditAnchor, type AuditVerdict, verifyAudit } from '../../../subgraphs/kit/audit/verify-audit.js';
import { type ExchangeRow, exchangeRecords } from '../../../subgraphs/kit/exchange/exchange-table.js';
import { RECIPIENT_HEADER, verifyRequest } from '../../../subgraphs/kit/exchange/message-signature.js';
import { contentDigest, SIGNATURE_ALGORITHMS } from '../../../subgraphs/kit/exchange/signature-algorithm.js';
import { connectStore } from '../../../subgraphs/kit/store/open-store.js';
import { openExchangeKeys } from '../environment.js';
import { readSubgraphSettings } from '../subgraph-settings.js';
import { type Command, UsageError } from './command.js';
import { storedSubgraphs } from './stored-subgraphs.js';

const STORES_HELP = 'Stores are those of AUDIT_STORE_URL, or STORE_URL, or DATA_DIR; --store gives another address of the same form.';

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  summary: 'finds audit records that were altered, deleted, moved or put in',
  usage: 'audit verify [<subgraph>…] [--store <url>] [--expect <position>:<hash>] [--json]',
  help: `Without names, every audit there is. It prints where each chain ends: note that elsewhere, and give it to a later verification
of the same subgraph with --expect, which finds a chain that was written anew as a whole.
${STORES_HELP}

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
    if (anchors.length > 0 && positionals.length !== 1) throw new UsageError('--expect is of one subgraph: name it');
    const verdicts: Record<string, AuditVerdict> = {};
    for (const { subgraph, address } of await audits(positionals, values.store)) {
      await using store = await connectStore(address, AUDIT_STORE);
      verdicts[subgraph.name] = await verifyAudit(store, anchors);
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

export const exchangeListCommand: Command = {
  name: 'exchange list',
  summary: 'lists the signed requests that a subgraph sent and received',
  usage: 'exchange list <subgraph> [--peer <party>] [--request <id>] [--first <n>] [--store <url>] [--json]',
  help: `Newest first.\n${STORES_HELP}\n\n  npx acceptance exchange list acceptance --peer drug`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...LIST_OPTIONS, peer: { type: 'string' }, request: { type: 'string' }, first: { type: 'string', default: '20' } },
    });
    const { peer, request } = values;
    const where = {
      ...(peer !== undefined && { $or: [{ sender: peer }, { recipient: peer }] }),
      ...(request !== undefined && { requestId: request }),
    };
    const rows = await found(positionals, values.store, where, Number(values.first));
    console.log(values.json ? JSON.stringify(rows) : rows.map(exchangeLine).join('\n'));
    return 0;
  },
};

export const exchangeProveCommand: Command = {
  name: 'exchange prove',
  summary: 'proves who sent a body, and when',
  usage: 'exchange prove <subgraph> --body <file> [--store <url>] [--json]',
  help: `It looks for the signed requests that had exactly this body, and checks their signatures with the senders' public keys under
EXCHANGE_KEYS_DIR, retired ones too.
${STORES_HELP}

  npx acceptance exchange prove drug --body received.json

Exit codes: 0 it was sent, and the signature is good; 1 no such request, or no good signature; 2 asked wrongly.`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...LIST_OPTIONS, body: { type: 'string' } },
    });
    if (values.body === undefined) throw new UsageError('give the body: --body <file>');
    const body = await readFile(values.body);
    const keys = openExchangeKeys(readSubgraphSettings(process.env));
    const digests = SIGNATURE_ALGORITHMS.map((algorithm) => contentDigest(algorithm, body));
    const rows = await found(positionals, values.store, { contentDigest: { $in: digests } }, 100);
    const proofs = rows.map((row) => ({ ...row, proved: isProved(row, body, (party, keyId) => keys.publicKey(party, keyId)) }));
    const lines = proofs.map((row) => `${row.proved ? 'proved    ' : 'NOT PROVED'} ${exchangeLine(row)}`);
    console.log(values.json ? JSON.stringify(proofs) : lines.join('\n') || 'nobody sent this body');
    return proofs.length > 0 && proofs.every(({ proved }) => proved) ? 0 : 1;
  },
};

const LIST_OPTIONS = { store: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

type Exchange = Omit<ExchangeRow, symbol>;

function isProved(row: Exchange, body: Uint8Array, keyOf: Parameters<typeof verifyRequest>[2]['keyOf']): boolean {
  const { method, path, recipient, requestId, contentDigest: digest, signatureInput, signature } = row;
  const headers = { 'content-digest': digest, 'signature-input': signatureInput, signature, [RECIPIENT_HEADER]: recipient };
  try {
    verifyRequest({ method, path, body, recipient, requestId }, headers, { keyOf });
    return true;
  } catch {
    return false;
  }
}

async function found(names: readonly string[], url: string | undefined, where: object, first: number): Promise<Exchange[]> {
  const [audit] = await audits(names, url);
  if (names.length !== 1 || audit === undefined) throw new UsageError('name one subgraph that has an audit here');
  if (!Number.isInteger(first) || first < 1) throw new UsageError('--first is a number from 1');
  await using store = await connectStore(audit.address, AUDIT_STORE);
  return store.fork().find(exchangeRecords, where, { orderBy: { at: 'desc', id: 'asc' }, limit: first, disableIdentityMap: true });
}

function exchangeLine({ at, direction, sender, recipient, requestId, contentDigest: digest, outcome }: Exchange): string {
  return `${at.toISOString()} ${direction.padEnd(8)} ${sender} → ${recipient}  ${outcome ?? 'not ended'}  ${requestId}  ${digest}`;
}

function audits(names: readonly string[], url: string | undefined) {
  const settings = readSubgraphSettings(process.env);
  return storedSubgraphs(names, { ...settings, storeUrl: url ?? settings.auditStoreUrl ?? settings.storeUrl }, AUDIT_SUFFIX);
}

function anchor(text: string): AuditAnchor {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position === undefined || hash === undefined)
    throw new UsageError('--expect is <position>:<hash>, as an earlier verification printed it');
  return { position: Number(position), hash };
}
