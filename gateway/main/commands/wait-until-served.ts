import { setTimeout } from 'node:timers/promises';
import { SUPERGRAPH_VERSION } from '../../server/graphql-route.js';
import { type GraphOptions, graphUrl } from './graph-access.js';

/** Milliseconds between two looks. */
const PACE = 100;

/**
 * Waits until the gateway that was asked answers by supergraph `version`, so that what is typed next finds it.
 * Resolves to false when `withinMs` passed first; behind a balancer other gateways may still be a moment away.
 */
export async function waitUntilServed(options: GraphOptions, version: string, withinMs = 10_000): Promise<boolean> {
  const url = `${graphUrl(options)}?query=%7B__typename%7D`;
  const time = AbortSignal.timeout(withinMs);
  while (!time.aborted) {
    try {
      const { headers } = await fetch(url, { headers: { 'apollo-require-preflight': 'true' }, signal: time });
      if (headers.get(SUPERGRAPH_VERSION) === version) return true;
      await setTimeout(PACE, undefined, { signal: time });
    } catch {
      // it is busy swapping, or time is up
    }
  }
  return false;
}
