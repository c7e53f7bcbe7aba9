import { expect, test } from 'vitest';
import { runChecker } from './checker.js';

/** A run of minutes is `npm run check:live`. */
const SECONDS = 15;

test('whatever is killed, stopped or replaced, every watcher that resumes has every event once and in order', async () => {
  const seed = Number(process.env['CHECKER_SEED'] ?? Date.now() % 1_000_000);
  const lines: string[] = [];
  try {
    const { events } = await runChecker({ seed, seconds: SECONDS, print: (line) => void lines.push(line) });
    expect(events).toBeGreaterThan(0);
  } catch (error) {
    throw new Error(`replay with CHECKER_SEED=${seed}; what was done:\n${lines.join('\n')}`, { cause: error });
  }
}, 180_000);
