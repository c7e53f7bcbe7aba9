import type { Change } from '../../kit/department/moves/move-case.js';
import { notDecided } from '../../kit/department/rules/decided-once.js';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { hasRoute } from './rules/bridge-on-route.js';
import { type BridgeCheckRow, bridgeChecks, routes } from './store.js';

export interface BridgeVerdict {
  bridge: string;
  passable: boolean;
  note: string | null;
}

/** Writes down whether a bridge bears the load; a bridge checked again has the later verdict. @throws CataloguedError CASE_ALREADY_DECIDED, NOT_FOUND, BAD_USER_INPUT */
export function checkBridge({ bridge, passable, note }: BridgeVerdict): Change<BridgeCheckRow> {
  return async (file, { tx, at }) => {
    notDecided(file);
    hasRoute(await tx.findOne(routes, file.number));
    const name = bridge.trim();
    if (name === '' || name.length > 120) throw new CataloguedError('BAD_USER_INPUT', 'bridge must have between 1 and 120 characters');
    if ((note?.length ?? 0) > 500) throw new CataloguedError('BAD_USER_INPUT', 'note must have at most 500 characters');
    return tx.upsert(bridgeChecks, { caseNumber: file.number, bridge: name, passable, note, checkedAt: at });
  };
}
