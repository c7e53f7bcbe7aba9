import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** A `STORE_URL` of a test's own, which leaves nothing behind. */
export interface TestStore extends AsyncDisposable {
  readonly url: string;
}

/** MariaDB or MySQL for tests; `TEST_MYSQL_URL` names another than the one on this machine. */
const MYSQL = process.env['TEST_MYSQL_URL'] ?? 'mariadb://root@127.0.0.1:3306';

async function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 3306) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.setTimeout(1_000, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(false));
  });
}

/** The stores a test can run on here, and why another is skipped. */
export const STORES: readonly { name: string; skip: boolean; open: () => Promise<TestStore> }[] = [
  { name: 'node:sqlite', skip: false, open: openFiles },
  ...((await answers(new URL(MYSQL)))
    ? [{ name: 'MariaDB', skip: false, open: openMysql }]
    : [{ name: `MariaDB (skipped: nothing answers at ${new URL(MYSQL).host}; set TEST_MYSQL_URL)`, skip: true, open: openMysql }]),
];

/** A folder of node:sqlite files. */
export async function openFiles(): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'acceptance-'));
  return { url: `file:${directory}`, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

async function openMysql(): Promise<TestStore> {
  const prefix = `t${randomUUID().slice(0, 8)}`;
  return {
    url: `${MYSQL}/${prefix}`,
    async [Symbol.asyncDispose]() {
      const connection = await createConnection(MYSQL.replace(/^mariadb:/, 'mysql:'));
      const [rows] = await connection.query('select schema_name as name from information_schema.schemata where schema_name like ?', [
        `${prefix}\\_%`,
      ]);
      for (const { name } of rows as { name: string }[]) await connection.query(`drop database \`${name}\``);
      await connection.end();
    },
  };
}
