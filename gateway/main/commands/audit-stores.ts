import { existsSync } from 'node:fs';
import { AUDIT_SUFFIX } from '../../../subgraphs/kit/audit/audit-store.js';
import { type StoreAddress, storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { GATEWAY_NAME } from '../../audit/gateway-audit.js';
import { readSettings } from '../../config/read-settings.js';
import { findSubgraph, SUBGRAPHS } from '../subgraph-table.js';
import { UsageError } from './command.js';

export const AUDIT_STORES_HELP =
  'Stores are those of AUDIT_STORE_URL, or STORE_URL, or DATA_DIR; --store gives another address of the same form.';

export interface AuditStore {
  /** Of the subgraph, or the gateway's. */
  readonly name: string;
  readonly address: StoreAddress;
}

/**
 * Where the audits of the gateway and of subgraphs are kept, which have their exchanges beside them; of all there are, without names.
 * @throws UsageError for a name nobody has
 */
export async function auditStores(names: readonly string[], url: string | undefined): Promise<AuditStore[]> {
  const settings = readSettings(process.env, 'commands').subgraphs;
  const storeUrl = url ?? settings.auditStoreUrl ?? settings.storeUrl;
  const known = names.length === 0 ? [GATEWAY_NAME, ...SUBGRAPHS.map(({ name }) => name)] : names;
  for (const name of known) {
    if (name !== GATEWAY_NAME && (await findSubgraph(name)) === undefined)
      throw new UsageError(`nobody is called ${name}; name ${GATEWAY_NAME} or one of ${SUBGRAPHS.map((one) => one.name).join(', ')}`);
  }
  return known
    .map((name) => ({ name, address: storeAddress(storeUrl, name + AUDIT_SUFFIX) }))
    .filter(({ address }) => address.kind !== 'file' || existsSync(address.path));
}
