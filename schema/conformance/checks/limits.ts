import type { Check } from '../check.js';
import type { Session } from '../session.js';
import { expectSame, expectThat, Unmet } from '../unmet.js';
import { ask, keysOf } from './entities.js';

const POINTER = 'schema/conformance/README.md#limits';
const REPRESENTATIONS = 1_000;
const CONCURRENT = 20;

/** @throws Unmet unless a small request is answered as ever */
async function stillAnswers(session: Session, after: string): Promise<void> {
  try {
    expectSame(await session.data('{ __typename }'), 'Query', 'a small request is answered wrongly');
  } catch (error) {
    throw error instanceof Unmet ? new Unmet(`after ${after}: ${error.message}`, error) : error;
  }
}

/** Sends a request that may be answered or refused, however the department likes. @throws Unmet when the service is gone after it */
async function survives(session: Session, what: string, query: string): Promise<void> {
  const authorization = await session.authorization('platform');
  await session.post(JSON.stringify({ query }), authorization).catch((error: unknown) => {
    // refused by breaking off is fine as long as the service lives on
    if (!(error instanceof Unmet)) throw error;
  });
  await stillAnswers(session, what);
}

export const LIMIT_CHECKS: readonly Check[] = [
  {
    id: 'limits.thousand-representations',
    level: 'MUST',
    title: { zh: '一次应答一千个键并依次序', en: 'a thousand representations are answered in one request, in order' },
    why: 'A long list of cases is one request to each department, not a thousand.',
    pointer: POINTER,
    remedy: 'Load rows by many keys at once, without a limit below 1,000.',
    needs: ['entities.order'],
    async run(session) {
      const items = (await session.items()).map(({ code }) => session.itemKey(code));
      const keys = Array.from({ length: REPRESENTATIONS }, () => items[session.random.between(0, items.length - 1)] ?? session.itemKey(''));
      const rows = await ask(session, keys);
      expectThat(rows.length === REPRESENTATIONS, 'rows are missing', { expected: REPRESENTATIONS, found: rows.length });
      const wrong = keysOf(rows).findIndex((key, index) => JSON.stringify(key) !== JSON.stringify(keys[index]));
      expectThat(wrong < 0, 'rows are not at their places', { expected: keys[wrong], found: keysOf(rows)[wrong] });
    },
  },
  {
    id: 'limits.concurrent-requests',
    level: 'MUST',
    title: { zh: '同时应答二十个请求', en: 'twenty requests at once are all answered' },
    why: 'The gateway asks for many people at the same time.',
    pointer: POINTER,
    remedy: 'Serve requests concurrently; queue rather than refuse.',
    needs: ['entities.order'],
    async run(session) {
      const items = (await session.items()).map(({ code }) => session.itemKey(code));
      const answers = await Promise.all(
        Array.from({ length: CONCURRENT }, async (_, index) => {
          const asked = [items[index % items.length] ?? session.itemKey('')];
          return { asked, rows: keysOf(await ask(session, asked)) };
        }),
      );
      for (const { asked, rows } of answers) expectSame(rows, asked, 'a request got another’s answer');
    },
  },
  {
    id: 'limits.deep-query',
    level: 'MUST',
    title: { zh: '嵌套极深的查询不致崩溃', en: 'a query that nests very deeply does not stop the service' },
    why: 'One request must not take a department off the graph.',
    pointer: POINTER,
    remedy: 'Limit depth and tokens before parsing recurses; answer errors.',
    needs: ['endpoint.answers'],
    run: (session) =>
      survives(session, 'a query nested 5,000 deep', `${'{ ... on Query '.repeat(5_000)}{ __typename }${'}'.repeat(5_000)}`),
  },
  {
    id: 'limits.large-query',
    level: 'MUST',
    title: { zh: '极长的查询不致崩溃', en: 'a query of a megabyte does not stop the service' },
    why: 'One request must not take a department off the graph.',
    pointer: POINTER,
    remedy: 'Limit the size of requests and the number of tokens; answer errors.',
    needs: ['endpoint.answers'],
    run: (session) => {
      const aliases = Array.from({ length: 10_000 }, (_, index) => `${'a'.repeat(80)}${index}: __typename`).join(' ');
      return survives(session, 'a query of a megabyte', `{ ${aliases} }`);
    },
  },
];
