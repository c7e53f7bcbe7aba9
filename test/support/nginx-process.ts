import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.js';
import { ServiceProcess } from './service-process.js';

const BUILT = import.meta.url.endsWith('.ts') ? '../..' : '../../..';
const TEMPLATE = new URL(`${BUILT}/docker/nginx/nginx.conf.template`, import.meta.url);
const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));

export const nginxInstalled = NGINX !== undefined;

export interface NginxOptions {
  /** Where its files go; it is made. */
  readonly directory: string;
  /** `host:port` of each. */
  readonly gateways: readonly string[];
  readonly acceptance: readonly string[];
}

/** nginx with the configuration that compose.yaml runs it with, in front of processes. */
export class NginxProcess implements AsyncDisposable {
  private constructor(
    readonly origin: string,
    readonly service: ServiceProcess,
  ) {}

  static async start(options: NginxOptions): Promise<NginxProcess> {
    const [port = 0] = await freePorts(1);
    const config = await writeConfiguration(options, port);
    const args = ['-c', config, '-g', 'daemon off;'];
    const service = await ServiceProcess.start({ command: String(NGINX), args, port, logFile: join(options.directory, 'nginx.log') });
    return new NginxProcess(`http://127.0.0.1:${port}`, service);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.kill('SIGTERM');
  }
}

/** Fills the template in. @throws Error where `nginx -t` says that it is not valid */
async function writeConfiguration({ directory, gateways, acceptance }: NginxOptions, port: number): Promise<string> {
  await mkdir(directory, { recursive: true });
  const servers = (addresses: readonly string[]) => addresses.map((address) => `server ${address} max_fails=2 fail_timeout=1s;`).join(' ');
  const values: Readonly<Record<string, string>> = {
    RUN_DIR: directory,
    LISTEN: `127.0.0.1:${port}`,
    RESOLVER: '',
    GATEWAY_SERVERS: servers(gateways),
    ACCEPTANCE_SERVERS: servers(acceptance),
  };
  const text = (await readFile(TEMPLATE, 'utf8')).replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  const file = join(directory, 'nginx.conf');
  await writeFile(file, text);
  // it opens its log again by name, which a pipe of Node's has none of
  const log = openSync(join(directory, 'nginx.log'), 'a');
  try {
    execFileSync(String(NGINX), ['-t', '-q', '-c', file], { stdio: ['ignore', log, 'pipe'] });
  } finally {
    closeSync(log);
  }
  return file;
}
