import { METRICS, type MetricEntry } from './metric-table.js';

/** The table of metrics as the page that operators read. */
export function metricPage(): string {
  const rows = Object.entries<MetricEntry>(METRICS).map(([name, { type, of, labels = [], help }]) => {
    const told = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${type} | ${of} | ${told} | ${help} |`;
  });
  return `# 指标 · Metrics

\`GET /metrics\` of every gateway and every subgraph, at the port it serves, in Prometheus' text format. Names and labels are a promise to dashboards and alert rules: they are added, never renamed. Nothing personal is in them, and labels have few values whatever clients send.

**Who may read them.** With \`METRICS_TOKEN\` set: whoever sends it as a bearer token, and nobody else. Without: whoever asks directly from a loopback, private or link-local address; a request that came through a proxy (\`x-forwarded-for\`, \`forwarded\`, \`x-real-ip\`) is answered 404, so a balancer that publishes a port does not publish its metrics.

A subgraph's metrics carry the label \`subgraph\` with its name; a gateway's do not. \`peer\` is a department's code or a platform subgraph's name. The columns: name, type, who has it, labels (beside \`subgraph\`), what it says.

| metric | type | of | labels | what it says |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Beside them a process of its own has prom-client's default metrics with the prefix \`acceptance_\`: \`acceptance_process_*\` (CPU, memory, handles, start time) and \`acceptance_nodejs_*\` (event loop lag, garbage collection, heap).
`;
}
