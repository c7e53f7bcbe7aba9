import type { Caller } from '../../kit/identity/caller.js';

/** Who the ledger is when it calls others. */
export const PLATFORM: Omit<Caller, 'requestId'> = { subject: 'platform:acceptance', roles: ['platform'] };
