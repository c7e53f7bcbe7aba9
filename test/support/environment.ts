import { pino } from 'pino';
import { WorkingCalendar } from '../../subgraphs/kit/calendar/working-calendar.js';
import { type Caller } from '../../subgraphs/kit/identity/caller.js';
import { generateInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../subgraphs/kit/identity/internal-tokens.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import { testKeys } from './personal-data-keys.js';

/** What a subgraph under test is given; every test has keys of its own. */
export async function testEnvironment(storeUrl: string, overrides: Partial<SubgraphEnvironment> = {}): Promise<SubgraphEnvironment> {
  const keys = await generateInternalKeys();
  return {
    storeUrl,
    verifier: createInternalTokenVerifier(keys),
    personalData: testKeys(),
    tokens: await createInternalTokens(keys),
    calendar: new WorkingCalendar(),
    clock: () => new Date(),
    log: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    ...overrides,
  };
}

export function caller(subject: string, ...roles: string[]): Caller {
  return { subject, roles, requestId: 'test' };
}

export interface Answer {
  data?: Record<string, any> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, any> }[];
}

/** Asks a subgraph directly, as the gateway would on behalf of `who`. */
export async function askSubgraph(
  environment: SubgraphEnvironment,
  { name, url }: { name: string; url: string },
  who: Caller,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await environment.tokens.authorization(name, who) },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}
