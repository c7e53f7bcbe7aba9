import type { Caller } from '../../kit/identity/caller.js';

/** Who supervision is when it follows others. */
export const PLATFORM: Omit<Caller, 'requestId'> = { subject: 'platform:supervision', roles: ['platform'] };
