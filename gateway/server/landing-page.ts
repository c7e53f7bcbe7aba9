import type { FastifyInstance } from 'fastify';
import { PAGE_POLICY } from '../security/security-headers.js';

/** Serves the page at `/`, with the address by which it was asked for. */
export function registerLandingPage(app: FastifyInstance): void {
  app.get('/', async ({ headers, protocol, socket }, reply) => {
    // only what is a name and a port goes into the page
    const host = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.exec(headers.host ?? '')?.[0] ?? `localhost:${socket.localPort}`;
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_POLICY)
      .send(landingPage(`${protocol}://${host}`));
  });
}

/** What `/` says: what runs here and how to ask it. Self-contained; nothing is loaded from elsewhere. */
const landingPage = (origin: string): string => /* HTML */ `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>政务服务统一受理图 · Unified Acceptance Graph</title>
    <style>
      body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733; background: #fff; }
      h1 { font-size: 1.5rem; line-height: 1.3; }
      pre { background: #f2f4f7; padding: 0.8rem 1rem; overflow-x: auto; border-radius: 4px; }
      code { font-family: ui-monospace, monospace; font-size: 0.9em; }
    </style>
  </head>
  <body>
    <h1>政务服务统一受理图<br /><span lang="en">Unified Acceptance Graph</span></h1>
    <p>全省各部门办事系统的统一 GraphQL 图。<br /><span lang="en">One GraphQL graph over the back-office systems of a province's departments.</span></p>
    <h2>查询 <span lang="en">Query</span></h2>
    <pre><code>curl -s ${origin}/graphql -H 'content-type: application/json' -d '{"query":"{ __schema { queryType { fields { name description } } } }"}'</code></pre>
    <p>请求头 <code>authorization: Bearer …</code> 表明身份。<span lang="en">Say who you are with that header.</span></p>
    <h2>订阅 <span lang="en">Subscribe</span></h2>
    <p>同一地址,WebSocket 子协议 <code>graphql-transport-ws</code>;身份放在 <code>connection_init</code> 的 <code>authorization</code> 中。<br />
      <span lang="en">The same address as a WebSocket with that subprotocol; identity goes into <code>authorization</code> of <code>connection_init</code>.</span></p>
    <pre><code>import { createClient } from 'graphql-ws';
const client = createClient({ url: '${origin.replace(/^http/, 'ws')}/graphql', connectionParams: { authorization: 'Bearer …' } });
for await (const event of client.iterate({ query: 'subscription { … }' })) console.log(event);</code></pre>
    <h2>状态 <span lang="en">Health</span></h2>
    <p><a href="/health/live">/health/live</a> · <a href="/health/ready">/health/ready</a></p>
  </body>
</html>
`;
