import { setTimeout } from 'node:timers/promises';
import { accept, apply, offeredItems, refuse, tell } from './applicant.js';
import { GraphAnswerError } from './graph-client.js';
import type { DemoCast } from './seed.js';

/** Milliseconds between two things that happen. */
const TICK = 400;
/** New cases come while fewer than this are open. */
const OPEN_CASES = 30;
const REFUSED_ONE_IN = 7;
const NOT_ACCEPTED_ONE_IN = 11;
const CORRECTED_ONE_IN = 6;

/**
 * Keeps life in the demonstration: people apply, the window accepts, officers do the next thing on one of the open
 * cases. What it meets (a department that is down, a case that somebody else moved) is told by code and passed over.
 */
export async function simulate(cast: DemoCast, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  const open = new Map<string, string>();
  for (let n = 1_000 + Math.floor(Math.random() * 900_000); !signal.aborted; n++) {
    try {
      if (open.size < OPEN_CASES && Math.random() < 0.4) await newCase(cast, open, n, say);
      else await move(cast, open, say);
    } catch (error) {
      if (!(error instanceof GraphAnswerError)) throw error;
      say(error.message);
    }
    await setTimeout(TICK, undefined, { signal }).catch(() => {});
  }
}

async function newCase(cast: DemoCast, open: Map<string, string>, n: number, say: (line: string) => void): Promise<void> {
  const items = await offeredItems(cast.applicant);
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) return;
  const id = await apply(cast, item, n, `simulated-${n}`);
  if (n % NOT_ACCEPTED_ONE_IN === 0) {
    await refuse(cast, id);
    say(`${id} not accepted for ${item.departmentCode}`);
    return;
  }
  if (n % CORRECTED_ONE_IN === 0) await tell(cast, item, id, true);
  const number = await accept(cast.window, id);
  open.set(number, item.departmentCode);
  say(`${number} accepted for ${item.departmentCode}`);
}

async function move({ officers }: DemoCast, open: Map<string, string>, say: (line: string) => void): Promise<void> {
  const [number, code] = [...open][Math.floor(Math.random() * open.size)] ?? [];
  const officer = officers.get(code ?? '');
  if (number === undefined || officer === undefined) return;
  const refuse = Number.parseInt(number.replace(/\D/g, '').slice(-6), 10) % REFUSED_ONE_IN === 0 ? '不符合许可条件(演示)' : undefined;
  const done = await officer.advance(number, refuse);
  if (done !== undefined) say(`${number} ${done} by ${code}`);
  else if ((await officer.read(number))?.delivery != null) open.delete(number);
}
