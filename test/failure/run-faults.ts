import { FaultWorld } from './fault-world.js';
import type { Fault } from './faults.js';
import { type Outcome, WORK, type Work } from './steady-load.js';
import { judge, type Verdict } from './verdict.js';

/** What users saw of one fault. Milliseconds. */
export interface FaultRow {
  readonly fault: string;
  /** By kind of work: how many were done while it lasted and until all was well, and how many failed with which codes. */
  readonly seen: Readonly<
    Record<Work, { readonly done: number; readonly partial: number; readonly failed: Readonly<Record<string, number>> }>
  >;
  /** The longest time in which nobody's work of one kind succeeded. */
  readonly silence: number;
  /** From the fault's end until every kind of work had succeeded again. */
  readonly recovery: number;
  readonly skipped?: string;
}

export interface FaultReport extends Verdict {
  readonly rows: readonly FaultRow[];
}

export interface RunOptions {
  readonly faults: readonly Fault[];
  /** How much of every kind of work is begun, and ends, while a fault lasts. */
  readonly attempts: number;
  readonly parts?: Readonly<Record<string, number>>;
  readonly print: (line: string) => void;
}

/**
 * One province, with people at work and others who watch; its parts fail one after the other. A fault lasts until every kind
 * of work has met it.
 * @throws Error when an accepted case, or an event, was lost or told twice
 */
export async function runFaults({ faults, attempts, parts, print }: RunOptions): Promise<FaultReport> {
  await using world = await FaultWorld.start(parts);
  const { load, province, watchers } = world;
  const rows: FaultRow[] = [];
  try {
    for (const fault of faults) {
      const skipped = fault.unless?.(world);
      if (skipped !== undefined) {
        print(`${fault.name}: skipped, ${skipped}`);
        continue;
      }
      const begun = performance.now();
      await fault.begin(world);
      await load.attempts(attempts);
      const ended = performance.now();
      await fault.end(world);
      await load.successes(attempts);
      const row = rowOf(fault.name, load.outcomes, begun, ended);
      rows.push(row);
      print(lineOf(row));
    }
    await load[Symbol.asyncDispose]();
    const verdict = await judge(province, load, watchers);
    return { rows, ...verdict };
  } catch (error) {
    const logs = [...province.topology.parts].map(([name, part]) => `--- ${name}\n${part.log.slice(-20).join('\n')}`);
    throw new Error(`${(error as Error).message}\n${logs.join('\n')}`, { cause: error });
  }
}

function rowOf(fault: string, outcomes: readonly Outcome[], begun: number, ended: number): FaultRow {
  const over = performance.now();
  const during = outcomes.filter((outcome) => outcome.ended >= begun);
  const seen = Object.fromEntries(
    WORK.map((work) => {
      const own = during.filter((outcome) => outcome.work === work);
      const failed: Record<string, number> = {};
      for (const { code } of own) if (code !== undefined) failed[code] = (failed[code] ?? 0) + 1;
      return [work, { done: own.length, partial: own.filter(({ partial }) => partial).length, failed }];
    }),
  ) as FaultRow['seen'];
  const successes = (work: Work) => during.filter((outcome) => outcome.work === work && outcome.code === undefined);
  const silence = Math.max(
    ...WORK.map((work) => {
      const at = [begun, ...successes(work).map((outcome) => outcome.ended), over];
      return Math.max(...at.slice(1).map((moment, index) => moment - (at[index] ?? moment)));
    }),
  );
  // what had begun before the end says nothing of what came after it
  const recovery = Math.max(
    ...WORK.map((work) => (successes(work).find((outcome) => outcome.began >= ended && !outcome.partial)?.ended ?? over) - ended),
  );
  return { fault, seen, silence, recovery };
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);

function lineOf({ fault, seen, silence, recovery }: FaultRow): string {
  const of = ({ done, partial, failed }: FaultRow['seen'][Work]) => {
    const count = Object.values(failed).reduce((sum, one) => sum + one, 0);
    const codes = Object.keys(failed).map((code) => `\`${code}\``);
    return [
      `${count} of ${done}${codes.length === 0 ? '' : `: ${codes.join(', ')}`}`,
      ...(partial === 0 ? [] : [`${partial} with fields missing`]),
    ].join('; ');
  };
  return `| ${fault} | ${of(seen.accept)} | ${of(seen.move)} | ${of(seen.query)} | ${seconds(silence)} | ${seconds(recovery)} |`;
}

export const TABLE_HEAD = `| fault | failed: accepting | moves | queries | longest silence, s | well again after, s |
| --- | --- | --- | --- | --- | --- |`;
