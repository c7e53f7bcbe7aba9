import { WebSocket } from 'ws';
import { answer } from './child.js';

interface Subscribe {
  url: string;
  clients: { query: string; variables: Record<string, unknown> }[];
}

let sockets: WebSocket[] = [];
/** How many clients have received each event. */
const counts = new Map<number, number>();
let latencies: number[] = [];
let received = 0;
/** Clients of this process that are to receive each event before it counts as delivered. */
let expected = 0;
const NUMBER = /"number":(\d+),"sentAt":([\d.]+)/;

function take(data: Buffer): void {
  const text = data.toString();
  const found = NUMBER.exec(text);
  if (found === null) {
    if (text.includes('"error')) tell({ failed: text });
    return;
  }
  received++;
  const number = Number(found[1]);
  // one in seven is enough for a percentile
  if (received % 7 === 0) latencies.push(performance.timeOrigin + performance.now() - Number(found[2]));
  const count = (counts.get(number) ?? 0) + 1;
  if (count < expected) counts.set(number, count);
  else {
    counts.delete(number);
    tell({ delivered: number });
  }
}

const tell = answer({
  async connect({ url, clients }: Subscribe) {
    const address = url.replace(/^http/, 'ws');
    let next = 0;
    const connectOne = async (): Promise<void> => {
      for (let index = next++; index < clients.length; index = next++) {
        const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
        await new Promise((resolve, reject) => {
          socket.once('open', () => socket.send('{"type":"connection_init"}'));
          socket.once('message', resolve);
          socket.once('error', reject);
        });
        socket.on('message', take);
        socket.on('close', (code) => tell({ failed: `closed with ${code}` }));
        socket.send(
          JSON.stringify({ id: `7a6c5b1e-0000-4000-8000-${String(index).padStart(12, '0')}`, type: 'subscribe', payload: clients[index] }),
        );
        sockets.push(socket);
      }
    };
    await Promise.all(Array.from({ length: 16 }, connectOne));
  },
  expect({ each }: { each: number }) {
    expected = each;
    counts.clear();
    latencies = [];
    received = 0;
  },
  report: () => ({ received, latencies }),
  close() {
    for (const socket of sockets) {
      socket.removeAllListeners('close');
      socket.terminate();
    }
    sockets = [];
  },
});
