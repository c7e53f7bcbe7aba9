import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Whoever may hold a lease: one start of one process. */
export interface Holder {
  /** `machine/process/start`, at most 96 characters. */
  readonly id: string;
  /** Whether another holder is known to be gone. False where nothing is known of it: it may be on another machine. */
  hasEnded(other: string): boolean;
}

/** This process, at a start of its own. */
export function thisProcess(): Holder {
  const machine = machineId();
  return {
    id: `${machine ?? 'unknown'}/${process.pid}/${randomUUID()}`,
    hasEnded(other) {
      const [where, pid] = other.split('/');
      // its number may be another's by now: then the lease runs out, as anywhere else
      return machine !== undefined && where === machine && Number(pid) !== process.pid && !isRunning(Number(pid));
    },
  };
}

/**
 * The same for all that see the same processes by the same numbers, and for nobody else: containers of one machine have
 * numbers of their own. Known on Linux only.
 */
function machineId(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = readlinkSync('/proc/self/ns/pid');
    return createHash('sha256').update(`${hostname()} ${boot} ${namespace}`).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
