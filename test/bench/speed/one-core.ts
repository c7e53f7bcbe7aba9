import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

// asked once: a process that is bound to some cores counts only those
const CORES = availableParallelism();

/** Gives a process, all of its threads included, the last core. False where that can't be done. */
export const onCoreOfItsOwn = (pid: number | undefined): boolean => pin(pid, String(CORES - 1));

/** Leaves a process the other cores. */
export const onOtherCores = (pid: number | undefined): boolean => pin(pid, `0-${CORES - 2}`);

function pin(pid: number | undefined, cores: string): boolean {
  if (pid === undefined || CORES < 2) return false;
  return spawnSync('taskset', ['-a', '-c', '-p', cores, String(pid)]).status === 0;
}
