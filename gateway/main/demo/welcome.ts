import type { RunningSystem } from '../system.js';
import type { DemoToken } from './start-demo.js';

/** What `npm start` prints once everything answers. */
export function welcome({ gateway, subgraphs }: RunningSystem, people: readonly DemoToken[]): string {
  const monitor = people.find(({ key }) => key === 'monitor')?.token ?? '';
  const socket = gateway.url.replace(/^http/, 'ws');
  const table = people.map(({ title, roles, token }) => `  ${title} (${roles.join(', ')})\n    ${token}`).join('\n');
  return `
省级政务服务统一受理图 · Unified Acceptance Graph

  graph       ${gateway.url}      (HTTP and graphql-transport-ws)
  health      ${gateway.origin}/health/ready
  subgraphs   ${subgraphs.map(({ name, url }) => `${name} ${url}`).join('\n              ')}

演示令牌 demonstration tokens, valid for 30 days:
${table}

第一个查询 a first query, to paste into another terminal:

  TOKEN=${monitor}
  curl -s ${gateway.url} -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
    -d '{"query":"{ cases(first: 5) { nodes { number stage item { name guide { fee } } steps { name finishedAt } decision { outcome } } } }"}'

第一个订阅 a first subscription, live while somebody works (npm start -- --simulate keeps people working):

  npx acceptance watch --url ${socket} --token $TOKEN

Ctrl-C stops; the data stays.
`;
}
