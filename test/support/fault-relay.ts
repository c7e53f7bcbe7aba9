import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the network between two parts does. */
export type LineState =
  /** passes everything on */
  | { readonly kind: 'whole' }
  /** resets what there is, and takes no connection */
  | { readonly kind: 'cut' }
  /** swallows everything, and tells nobody */
  | { readonly kind: 'silent' }
  /** passes everything on so many milliseconds later, each way */
  | { readonly kind: 'late'; readonly ms: number };

/** A TCP line between two parts whose state a test changes. */
export class FaultRelay implements AsyncDisposable {
  readonly #server = createServer((near) => this.#relay(near));
  readonly #sockets = new Set<Socket>();
  #state: LineState = { kind: 'whole' };

  private constructor(readonly target: () => number) {}

  static async open(target: () => number): Promise<FaultRelay> {
    const relay = new FaultRelay(target);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  set state(state: LineState) {
    // what was swallowed is gone: a stream with a hole in it can't go on
    const broken = state.kind === 'cut' || this.#state.kind === 'silent';
    this.#state = state;
    if (broken) for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #relay(near: Socket): void {
    if (this.#state.kind === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.target(), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => this.#pass(() => to.write(bytes)));
      from.on('end', () => this.#pass(() => to.end()));
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        this.#pass(() => to.destroy());
      });
    }
  }

  #pass(bytes: () => void): void {
    if (this.#state.kind === 'silent') return;
    if (this.#state.kind === 'late') setTimeout(bytes, this.#state.ms);
    else bytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
