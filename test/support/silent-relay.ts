import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can stop passing bytes on, as a firewall does that forgets a connection: nobody is told. */
export class SilentRelay implements AsyncDisposable {
  readonly #server = createServer((near) => this.#relay(near));
  readonly #sockets = new Set<Socket>();
  #silenced = 0;
  #connections = 0;

  private constructor(readonly target: () => number) {}

  /** @param target the port behind it, asked for at each connection. */
  static async open(target: () => number): Promise<SilentRelay> {
    const relay = new SilentRelay(target);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many were made since it was last silenced. */
  get connections(): number {
    return this.#connections;
  }

  /** The connections there are pass nothing on any more; new ones do. */
  silence(): void {
    this.#silenced++;
    this.#connections = 0;
  }

  #relay(near: Socket): void {
    const far = connect(this.target(), '127.0.0.1');
    const since = this.#silenced;
    this.#connections++;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => since === this.#silenced && to.write(bytes));
      from.on('close', () => {
        this.#sockets.delete(from);
        if (since === this.#silenced) to.destroy();
      });
      from.on('error', () => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}
