import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that systems take outgoing connections' ports from: a part that is started again must find its port free. */
const [FIRST, LAST] = [20_000, 32_000];

/** Ports that nothing listens on. Known before anything starts, so that parts can be started in any order. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
