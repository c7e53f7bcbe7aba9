import { AUDIT_SUFFIX } from '../../../subgraphs/kit/audit/audit-store.js';
import { readSubgraphSettings } from '../subgraph-settings.js';
import { storedSubgraphs } from './stored-subgraphs.js';

export const AUDIT_STORES_HELP =
  'Stores are those of AUDIT_STORE_URL, or STORE_URL, or DATA_DIR; --store gives another address of the same form.';

/** Where the audits of subgraphs are kept, which have their exchanges beside them; of all there are, without names. */
export function auditStores(names: readonly string[], url: string | undefined) {
  const settings = readSubgraphSettings(process.env);
  return storedSubgraphs(names, { ...settings, storeUrl: url ?? settings.auditStoreUrl ?? settings.storeUrl }, AUDIT_SUFFIX);
}
