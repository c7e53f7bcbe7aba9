import { setTimeout } from 'node:timers/promises';
import { accept, apply, type Counter, offeredItems, refuse, tell } from './applicant.js';
import { GraphAnswerError, type GraphClient } from './graph-client.js';
import type { Officer } from './officer.js';

/** The people a demonstration's life is made of. */
export interface DemoCast extends Counter {
  readonly officers: ReadonlyMap<string, Officer>;
}

/** How many moves each seeded case of a department is taken through. */
const STAGES = [0, 1, 3, 99] as const;
/** Milliseconds between two looks for what another part has not seen yet. */
const LOOK = 50;

/** Whether the ledger has a case already, so that a second start leaves the data of the first alone. */
export async function hasCases(client: GraphClient): Promise<boolean> {
  const { cases } = await client.ask<{ cases: { nodes: unknown[] } }>('AnyCase', 'query AnyCase { cases(first: 1) { nodes { number } } }');
  return cases.nodes.length > 0;
}

/** Waits until the ledger and the catalogue know the items of every department, which they learn shortly after the start. */
export async function whenItemsAreOffered({ applicant, officers }: DemoCast, signal: AbortSignal): Promise<void> {
  for (;;) {
    const departments = new Set((await offeredItems(applicant)).map(({ departmentCode }) => departmentCode));
    if (departments.size === officers.size) return;
    await setTimeout(LOOK, undefined, { signal });
  }
}

/** A handful of cases per department in different stages, made through the graph as its users would. */
export async function seedCases(cast: DemoCast, signal: AbortSignal): Promise<number> {
  const items = await offeredItems(cast.applicant);
  let n = 0;
  for (const [code, officer] of cast.officers) {
    const own = items.filter(({ departmentCode }) => departmentCode === code);
    for (const [index, moves] of STAGES.entries()) {
      const item = own[index % own.length];
      if (item === undefined) continue;
      n++;
      const id = await retrying(() => apply(cast, item, n, `seed-${code}-${index}`), signal);
      const number = await accept(cast.window, id);
      await received(officer, number, signal);
      for (let move = 0; move < moves; move++) if ((await officer.advance(number)) === undefined) break;
      if (index === 2) await officer.startSpecialProcedure(code, number, 'EXPERT_REVIEW', '需组织专家评审', 10).catch(ignoreCoded);
    }
    const [item] = own;
    if (item === undefined) continue;
    // and one application of each outcome besides acceptance
    const handIn = (outcome: string) => retrying(() => apply(cast, item, ++n, `seed-${code}-${outcome}`), signal);
    await refuse(cast, await handIn('refused'));
    await tell(cast, item, await handIn('told'), false);
    await tell(cast, item, await handIn('corrected'), true);
  }
  return n;
}

/** Waits until the department has received the case. */
export async function received(officer: Officer, number: string, signal: AbortSignal): Promise<void> {
  while ((await officer.read(number))?.steps == null) await setTimeout(LOOK, undefined, { signal });
}

/** The ledger learns of an item a moment after the catalogue. */
async function retrying<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const soon =
        error instanceof GraphAnswerError && error.codes.some((code) => code === 'UNKNOWN_ITEM' || code === 'UNKNOWN_DEPARTMENT');
      if (!soon) throw error;
      await setTimeout(LOOK, undefined, { signal });
    }
  }
}

function ignoreCoded(error: unknown): void {
  if (!(error instanceof GraphAnswerError)) throw error;
}
