/**
 * What a container asks itself: exit code 0 when the process beside it answers that it is well. A file of its own,
 * which imports nothing, as it is started every few seconds.
 */
const { GATEWAY_PORT, SUBGRAPH_PORT } = process.env;
const [port, path] = SUBGRAPH_PORT === undefined ? [GATEWAY_PORT, '/health/ready'] : [SUBGRAPH_PORT, '/health/ready'];

try {
  const { ok, status } = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4_000) });
  if (!ok) throw new Error(`answers ${status}`);
} catch (error) {
  console.error(`http://127.0.0.1:${port}${path}: ${(error as Error).message}`);
  process.exitCode = 1;
}
