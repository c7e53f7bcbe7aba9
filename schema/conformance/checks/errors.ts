import { CATALOGUE } from '../../../subgraphs/kit/errors/catalogue.js';
import type { Check } from '../check.js';
import { CASE_EVENT_PAGE, DEPARTMENT_ITEMS } from '../client/documents.js';
import { errorList, jsonObject } from '../client/graphql-answer.js';
import type { HttpAnswer } from '../client/http-post.js';
import type { Session } from '../session.js';
import { move, mutationOf } from '../synthetic/moves.js';
import { expectSame, expectThat, Unmet } from '../unmet.js';

const POINTER = 'schema/conformance/README.md#errors';
const GRAPHQL_TYPE = 'application/graphql-response+json';
/** What stack traces of common platforms look like: Node, Java and .NET, Go, Python, PHP. */
const TRACE =
  /\bat [\w$.<>[\] ]+\s?\([^)]*:\d+|\bat (async )?(file:|node:|\/)\S+:\d+|goroutine \d+ \[|Traceback \(most recent|\.php\(\d+\)|java\.lang\.\w+|"stacktrace"\s*:\s*\[\s*"/i;

interface BadRequest {
  readonly what: string;
  readonly body: string;
  /** A GraphQL request, however wrong; otherwise no answer in GraphQL is owed. */
  readonly graphql: boolean;
}

const graphql = (what: string, body: object): BadRequest => ({ what, body: JSON.stringify(body), graphql: true });
const BAD: readonly BadRequest[] = [
  graphql('a syntax error', { query: '{' }),
  graphql('an unknown field', { query: '{ conformanceNoSuchField }' }),
  graphql('a missing variable', { query: DEPARTMENT_ITEMS }),
  graphql('a variable of another type', { query: DEPARTMENT_ITEMS, variables: { departmentCode: { not: 'an id' } } }),
  graphql('an operation that is not in the document', { query: 'query A { __typename }', operationName: 'B' }),
  { what: 'a body that is no JSON', body: '{"query":', graphql: false },
  { what: 'a body without a query', body: '{}', graphql: false },
];

async function eachBadRequest(session: Session, look: (answer: HttpAnswer, request: BadRequest) => void): Promise<void> {
  const answers = await session.once('bad requests', async () => {
    const authorization = await session.authorization('platform');
    return Promise.all(BAD.map(async (request) => ({ request, answer: await session.post(request.body, authorization) })));
  });
  for (const { request, answer } of answers) {
    try {
      look(answer, request);
    } catch (error) {
      throw error instanceof Unmet ? new Unmet(`on ${request.what}: ${error.message}`, error) : error;
    }
  }
}

export const ERROR_CHECKS: readonly Check[] = [
  {
    id: 'errors.json',
    level: 'MUST',
    title: { zh: '错误以 JSON 应答,不用网页', en: 'errors are JSON, never a web page' },
    why: 'The gateway reads them; a page hides what is wrong.',
    pointer: POINTER,
    remedy: 'Answer GraphQL errors as JSON, also from what stands before the service (proxy, framework).',
    needs: ['endpoint.answers'],
    run: (session) =>
      eachBadRequest(session, (answer, { graphql }) => {
        const html = answer.contentType === 'text/html' || /^\s*<(!doctype|html)/i.test(answer.text);
        if (graphql || html) jsonObject(answer);
      }),
  },
  {
    id: 'errors.shape',
    level: 'MUST',
    title: { zh: '错误列表格式规范且不带数据', en: 'a request that can’t be run is answered with a list of errors, and no data' },
    why: 'Clients take anything else for an answer.',
    pointer: POINTER,
    remedy: 'Answer {"errors":[{"message":"…"}]}.',
    needs: ['errors.json'],
    run: (session) =>
      eachBadRequest(session, (answer, request) => {
        if (!request.graphql) return;
        const { data, errors } = jsonObject(answer) as { data?: unknown; errors?: unknown };
        expectThat(data == null, 'it was answered with data', { expected: 'errors', found: data });
        errorList(errors);
      }),
  },
  {
    id: 'errors.status',
    level: 'MUST',
    title: { zh: 'HTTP 状态码符合 GraphQL over HTTP', en: 'HTTP status codes follow GraphQL over HTTP' },
    why: 'A 5xx for a client’s mistake looks like an outage and is retried.',
    pointer: POINTER,
    remedy: `Answer 4xx (application/json may have 200 for what is GraphQL); never 5xx.`,
    needs: ['errors.json'],
    run: (session) =>
      eachBadRequest(session, ({ status, contentType }, request) => {
        const fourHundreds = status >= 400 && status < 500;
        const asJson = request.graphql && contentType !== GRAPHQL_TYPE && status === 200;
        expectThat(fourHundreds || asJson, 'the HTTP status is not what GraphQL over HTTP says', { expected: '400', found: status });
      }),
  },
  {
    id: 'errors.no-traces',
    level: 'MUST',
    title: { zh: '错误不含堆栈', en: 'errors carry no stack trace' },
    why: 'It tells an attacker what runs where, and may carry personal data.',
    pointer: POINTER,
    remedy: 'Log the trace, and answer the message alone.',
    needs: ['endpoint.answers'],
    async run(session) {
      await eachBadRequest(session, ({ text }) => expectThat(!TRACE.test(text), 'the answer carries a stack trace', { found: text }));
      const authorization = await session.authorization('officer');
      const variables = { departmentCode: session.code, caseNumber: '000000TESTNOSUCHCASE', stepCode: 'none' };
      const { text } = await session.post(JSON.stringify({ query: mutationOf('startStep'), variables }), authorization);
      expectThat(!TRACE.test(text), 'a refused move carries a stack trace', { found: text });
    },
  },
  {
    id: 'errors.path',
    level: 'MUST',
    title: { zh: '字段错误含路径', en: 'the error of a field has its path' },
    why: 'The gateway tells clients which part of their answer is missing.',
    pointer: POINTER,
    remedy: 'Give `path` with every error that a resolver raises.',
    needs: ['sdl.service'],
    async run(session) {
      const { name, arguments: args } = move('startStep', { stepCode: 'none' });
      const variables = { ...args, departmentCode: session.code, caseNumber: '000000TESTNOSUCHCASE' };
      const { path } = await session.refused(mutationOf(name), variables, 'officer');
      expectSame(path, [name], 'the error of a refused move does not say where it happened');
    },
  },
  {
    id: 'errors.catalogued',
    level: 'SHOULD',
    title: { zh: '错误代码取自统一目录', en: 'error codes are from the common catalogue' },
    why: 'Whoever meets a code finds out what to do about it.',
    pointer: 'subgraphs/kit/errors/catalogue.ts',
    remedy: 'Use the catalogue’s codes: CASE_NOT_FOUND, CURSOR_INVALID and so on.',
    needs: ['sdl.service'],
    async run(session) {
      const variables = { departmentCode: session.code, caseNumber: '000000TESTNOSUCHCASE', stepCode: 'none' };
      const errors = [
        await session.refused(mutationOf('startStep'), variables, 'officer'),
        await session.refused(CASE_EVENT_PAGE, { departmentCode: session.code, after: 'conformance-no-cursor', first: 5 }),
      ];
      for (const { extensions } of errors) {
        const code = extensions?.['code'];
        expectThat(typeof code === 'string' && code in CATALOGUE, 'a code is not in the catalogue', { found: code ?? null });
      }
    },
  },
];
