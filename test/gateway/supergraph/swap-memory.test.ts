import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROCESS = new URL('../../../dist/test/gateway/supergraph/swap-process.js', import.meta.url).pathname;
const MEBIBYTE = 1_048_576;

test('memory is at its level again after 100 swaps', { timeout: 240_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROCESS], { maxBuffer: MEBIBYTE });
  const { before, after, swaps } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<'before' | 'after' | 'swaps', number>;
  console.log(`${(before / MEBIBYTE).toFixed(1)} MiB in use, ${(after / MEBIBYTE).toFixed(1)} MiB after ${swaps} more swaps`);
  // one generation kept by mistake is about 2 MiB: a hundred of them would be 200
  expect(after - before).toBeLessThan(8 * MEBIBYTE);
});
