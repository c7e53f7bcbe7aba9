import { checkConformance } from '../../composition/conformance.js';
import type { Check } from '../check.js';
import type { Session } from '../session.js';
import { expectThat, Unmet } from '../unmet.js';

const SERVICE = '{ _service { sdl } }';

async function publishedSdl(session: Session): Promise<string> {
  const { sdl } = await session.once('sdl', () => session.data<{ sdl?: unknown }>(SERVICE));
  expectThat(typeof sdl === 'string' && sdl.trim() !== '', '`_service { sdl }` is empty', { expected: 'the whole SDL', found: sdl });
  return sdl;
}

export const SDL_CHECKS: readonly Check[] = [
  {
    id: 'sdl.service',
    level: 'MUST',
    title: { zh: '以 _service { sdl } 公布模式', en: '_service { sdl } publishes the schema' },
    why: 'The registry composes the graph from it.',
    pointer: 'schema/README.md',
    remedy: 'Serve the schema as a Federation subgraph: add `_service: _Service!` to Query and answer the SDL as it was written.',
    smoke: true,
    needs: ['endpoint.answers'],
    async run(session) {
      await publishedSdl(session);
    },
  },
  {
    id: 'sdl.contract',
    level: 'MUST',
    title: { zh: '模式符合部门契约', en: 'the schema is the contract, and adds only what it may' },
    why: 'The contract is composed once for all departments; a member that differs fails at run time for this one.',
    pointer: 'schema/department-contract.graphql',
    remedy: 'Mend the member as the message says; `npx acceptance department check` lists every problem with its line.',
    smoke: true,
    needs: ['sdl.service'],
    async run(session) {
      const [problem, ...more] = checkConformance({ code: session.code, sdl: await publishedSdl(session) });
      if (problem === undefined) return;
      const others = more.length > 0 ? ` (and ${more.length} more)` : '';
      throw new Unmet(`${problem.message}${others}`, { expected: problem.expected, found: problem.found });
    },
  },
];
