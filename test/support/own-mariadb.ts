import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { freePorts } from './free-ports.js';
import { ServiceProcess } from './service-process.js';

const run = promisify(execFile);
/** What the platform needs, and no more: nobody who has it can write while the server is read-only. */
const RIGHTS =
  'select, insert, update, delete, create, alter, drop, index, references, create temporary tables, lock tables, trigger, create view, show view';

/** Whether a MariaDB server is installed here. */
export const mariadbInstalled: boolean = await run('mariadbd', ['--version']).then(
  () => true,
  () => false,
);

/** A MariaDB server of a test's own: its own files, its own port, to be killed, frozen, filled and made read-only. */
export class OwnMariaDb implements AsyncDisposable {
  private constructor(
    readonly process: ServiceProcess,
    readonly directory: string,
    readonly port: number,
  ) {}

  /** @param options more of the server's, without dashes in front, such as `innodb-data-file-path=…` */
  static async start(directory: string, options: readonly string[] = []): Promise<OwnMariaDb> {
    const data = join(directory, 'mariadb');
    await mkdir(directory, { recursive: true });
    const [port = 0] = await freePorts(1);
    await run('mariadb-install-db', [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      ...asRoot(),
    ]);
    const users = join(directory, 'users.sql');
    await writeFile(
      users,
      `create user if not exists acceptance@'127.0.0.1' identified by 'acceptance';\ngrant ${RIGHTS} on *.* to acceptance@'127.0.0.1';\n`,
    );
    const process = await ServiceProcess.start({
      command: 'mariadbd',
      args: [
        '--no-defaults',
        `--datadir=${data}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(directory, 'mariadb.sock')}`,
        `--pid-file=${join(directory, 'mariadb.pid')}`,
        `--init-file=${users}`,
        '--skip-name-resolve',
        '--skip-log-bin',
        '--innodb-buffer-pool-size=128M',
        '--max-connections=500',
        ...asRoot(),
        ...options.map((option) => `--${option}`),
      ],
      port,
      logFile: join(directory, 'mariadb.log'),
    });
    return new OwnMariaDb(process, directory, port);
  }

  /** As `STORE_URL`, through a port of somebody between when one is given. */
  url(port = this.port): string {
    return `mariadb://acceptance:acceptance@127.0.0.1:${port}/acceptance`;
  }

  /** As the server's own administrator, over its socket. */
  async administer(...statements: readonly string[]): Promise<void> {
    const connection = await createConnection({ socketPath: join(this.directory, 'mariadb.sock'), user: 'root' });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}

/** MariaDB refuses to run as root unless it is told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}
