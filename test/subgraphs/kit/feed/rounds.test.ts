import { describe, expect, test } from 'vitest';
import { Rounds } from '../../../../subgraphs/kit/feed/rounds.js';

const NEVER = 2 ** 30;

describe('rounds', () => {
  test('follow one another, when the last one says and at once when woken, and never two at a time', async () => {
    const begun: number[] = [];
    const third = Promise.withResolvers<void>();
    let running = 0;
    const rounds: Rounds = new Rounds({
      round: async () => {
        expect(++running).toBe(1);
        begun.push(begun.length);
        // woken while it looks: it looks once more
        if (begun.length === 2) rounds.wake();
        if (begun.length === 3) third.resolve();
        await Promise.resolve();
        running--;
        return begun.length === 1 ? 1 : NEVER;
      },
      onFailure: () => {},
      retry: NEVER,
    });
    await third.promise;
    await rounds[Symbol.asyncDispose]();
    expect(begun).toHaveLength(3);
  });

  test('go on after one that failed, which is told', async () => {
    const told: unknown[] = [];
    const again = Promise.withResolvers<void>();
    let count = 0;
    await using _rounds = new Rounds({
      round: async () => {
        if (count++ === 0) throw new Error('the store is away');
        again.resolve();
        return NEVER;
      },
      onFailure: (error) => told.push(error),
      retry: 1,
    });
    await again.promise;
    expect(told).toEqual([new Error('the store is away')]);
  });

  test('end with the one under way, whose failure then is nobody’s', async () => {
    const told: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    const held = Promise.withResolvers<number>();
    const rounds = new Rounds({
      round: () => {
        begun.resolve();
        return held.promise;
      },
      onFailure: (error) => told.push(error),
      retry: 1,
    });
    await begun.promise;
    const disposed = rounds[Symbol.asyncDispose]();
    expect(rounds.open).toBe(false);
    held.reject(new Error('closed'));
    await disposed;
    expect(told).toEqual([]);
  });
});
