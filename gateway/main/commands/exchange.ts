import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AUDIT_STORE } from '../../../subgraphs/kit/audit/audit-store.js';
import { type ExchangeRow, exchangeRecords } from '../../../subgraphs/kit/exchange/exchange-table.js';
import { RECIPIENT_HEADER, verifyRequest } from '../../../subgraphs/kit/exchange/message-signature.js';
import { contentDigest, SIGNATURE_ALGORITHMS } from '../../../subgraphs/kit/exchange/signature-algorithm.js';
import { connectStore } from '../../../subgraphs/kit/store/open-store.js';
import { readSettings } from '../../config/read-settings.js';
import { openExchangeKeys } from '../environment.js';
import { AUDIT_STORES_HELP, auditStores } from './audit-stores.js';
import { type Command, UsageError } from './command.js';

export const exchangeListCommand: Command = {
  name: 'exchange list',
  summary: 'lists the signed requests that a subgraph, or the gateway, sent and received',
  usage: 'exchange list <subgraph> [--peer <party>] [--request <id>] [--first <n>] [--store <url>] [--json]',
  help: `Newest first.\n${AUDIT_STORES_HELP}\n\n  npx acceptance exchange list acceptance --peer drug`,
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
${AUDIT_STORES_HELP}

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
    const keys = openExchangeKeys(readSettings(process.env, 'commands').subgraphs);
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
  const [audit] = await auditStores(names, url);
  if (names.length !== 1 || audit === undefined) throw new UsageError('name the gateway or one subgraph that has an audit here');
  if (!Number.isInteger(first) || first < 1) throw new UsageError('--first is a number from 1');
  await using store = await connectStore(audit.address, AUDIT_STORE);
  return store.fork().find(exchangeRecords, where, { orderBy: { at: 'desc', id: 'asc' }, limit: first, disableIdentityMap: true });
}

function exchangeLine({ at, direction, sender, recipient, requestId, contentDigest: digest, outcome }: Exchange): string {
  return `${at.toISOString()} ${direction.padEnd(8)} ${sender} → ${recipient}  ${outcome ?? 'not ended'}  ${requestId}  ${digest}`;
}
