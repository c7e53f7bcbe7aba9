import { createConnection } from 'mysql2';

/** Milliseconds in which a server that is there greets whoever connects, however busy it is. */
const GREETING = 3_000;

/**
 * Tells a database server that is frozen, or silent behind the network, from one that is busy with a long statement: that one
 * still greets whoever connects. Those who ask at the same time share one connection.
 */
export class ServerProbe {
  readonly #uri: string;
  #asking: Promise<boolean> | undefined;

  constructor(url: string) {
    this.#uri = url.replace(/^mariadb:/, 'mysql:');
  }

  /** False only when nothing at all is said in time; a refusal is an answer. */
  greets(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const connection = createConnection({ uri: this.#uri, connectTimeout: GREETING });
      const said = (answer: boolean) => {
        connection.destroy();
        resolve(answer);
      };
      connection.on('connect', () => said(true));
      connection.on('error', ({ code }: NodeJS.ErrnoException) => said(code !== 'ETIMEDOUT'));
    });
  }
}
