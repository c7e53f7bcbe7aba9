import type { Caller } from '../../subgraphs/kit/identity/caller.js';

/** Another department's code, which no row of the department under test may be answered for. */
export const OTHER_DEPARTMENT = 'conformance-other';

/** On whose behalf the suite asks. */
export type AskedAs = 'platform' | 'officer' | 'officer of another department' | 'nobody';

/** The caller as it stands in an internal token. */
export function callerOf(as: AskedAs, code: string): Caller {
  return { ...CALLERS[as](code), requestId: 'conformance' };
}

const CALLERS: Record<AskedAs, (code: string) => Omit<Caller, 'requestId'>> = {
  platform: () => ({ subject: 'platform:conformance', roles: ['platform'] }),
  officer: (code) => ({ subject: 'officer:conformance', roles: [`department:${code}`] }),
  'officer of another department': () => ({ subject: 'officer:conformance-other', roles: [`department:${OTHER_DEPARTMENT}`] }),
  nobody: () => ({ subject: 'anonymous', roles: [] }),
};
