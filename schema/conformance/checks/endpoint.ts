import type { Check } from '../check.js';
import { expectSame } from '../unmet.js';

/** What everything else builds on: something answers, and it speaks GraphQL. */
export const ENDPOINT_CHECKS: readonly Check[] = [
  {
    id: 'endpoint.answers',
    level: 'MUST',
    title: { zh: '端点以 GraphQL 应答', en: 'the endpoint answers GraphQL' },
    why: 'The gateway and the platform reach a department by this address alone.',
    pointer: 'schema/README.md',
    remedy: 'Check the address, that the service runs, its certificate, and that it takes internal tokens for its own code as audience.',
    smoke: true,
    async run(session) {
      expectSame(await session.data('{ __typename }'), 'Query', 'the query root has another name than the contract says');
    },
  },
];
