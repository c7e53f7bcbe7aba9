import { describe, expect, test } from 'vitest';
import { emptyShare, Outbox } from '../../../gateway/subscriptions/transports/outbox.js';

/** An outlet that takes one chunk and then nothing until it is told to. */
function outbox() {
  const written: string[] = [];
  let overflows = 0;
  let waiting = 0;
  let open = false;
  const made = new Outbox(
    { write: (chunk) => written.push(chunk) > 0 && open },
    { count: 4, bytes: 100 },
    () => void overflows++,
    (change) => {
      waiting += change;
    },
  );
  return {
    outbox: made,
    written,
    read() {
      open = true;
      made.drained();
    },
    get overflows() {
      return overflows;
    },
    get waiting() {
      return waiting;
    },
  };
}

describe('what a client that does not read is sent', () => {
  test('waits for a subscription up to its limit', () => {
    const it = outbox();
    const share = emptyShare();
    for (let n = 0; n < 5; n++) it.outbox.send('x', share, 1);
    expect([it.written.length, it.waiting, it.overflows]).toEqual([1, 4, 0]);
    it.outbox.send('x', share, 1);
    expect([it.waiting, it.overflows]).toEqual([0, 1]);
  });

  test.each([
    ['many', 'x', 64],
    ['large', 'x'.repeat(100), 16],
  ])('waits up to a limit, too, where it belongs to none, such as pongs and answers: %s', (_what, chunk, fits) => {
    const it = outbox();
    for (let n = 0; n < fits + 1; n++) it.outbox.send(chunk);
    expect([it.waiting, it.overflows]).toEqual([fits, 0]);
    it.outbox.send(chunk);
    it.outbox.send(chunk);
    expect([it.waiting, it.overflows]).toEqual([0, 1]);
  });

  test('counts no more once it was read', () => {
    const it = outbox();
    for (let round = 0; round < 3; round++) for (let n = 0; n < 16; n++, it.read()) it.outbox.send('x'.repeat(100));
    expect([it.written.length, it.waiting, it.overflows]).toEqual([48, 0, 0]);
  });
});
