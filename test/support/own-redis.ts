import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.js';
import { ServiceProcess } from './service-process.js';

/** Whether a Redis server is installed here. */
export const redisInstalled: boolean = await promisify(execFile)('redis-server', ['--version']).then(
  () => true,
  () => false,
);

/** A Redis of a test's own, configured as the README asks for. */
export class OwnRedis implements AsyncDisposable {
  private constructor(
    readonly process: ServiceProcess,
    readonly port: number,
  ) {}

  static async start(directory: string): Promise<OwnRedis> {
    const data = join(directory, 'redis');
    await mkdir(data, { recursive: true });
    const [port = 0] = await freePorts(1);
    const settings = { port, bind: '127.0.0.1', dir: data, appendonly: 'yes', 'maxmemory-policy': 'noeviction', save: '' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return new OwnRedis(await ServiceProcess.start({ command: 'redis-server', args, port, logFile: join(directory, 'redis.log') }), port);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
  }
}
