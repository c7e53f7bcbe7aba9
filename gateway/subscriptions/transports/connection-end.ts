/** setTimeout takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** Connections that were opened together do not all come back together. */
const SPREAD = 0.1;

/**
 * Calls `end` when a connection's token expires or it has been open for long enough, whichever is first.
 * @param expiresAt milliseconds since 1970; absent where nothing expires.
 * @param lifetimeMs 0 for no end; varied by a tenth.
 */
export function scheduleEnd(
  expiresAt: number | undefined,
  lifetimeMs: number,
  end: (why: 'expired' | 'lifetime') => void,
): Disposable | undefined {
  const retires = lifetimeMs > 0 ? Date.now() + lifetimeMs * (1 - SPREAD * Math.random()) : Number.POSITIVE_INFINITY;
  const at = Math.min(expiresAt ?? Number.POSITIVE_INFINITY, retires);
  if (at === Number.POSITIVE_INFINITY) return undefined;
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(
      () => {
        if (Date.now() < at) wait();
        else end(expiresAt !== undefined && expiresAt <= at ? 'expired' : 'lifetime');
      },
      Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMER),
    );
  };
  wait();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
