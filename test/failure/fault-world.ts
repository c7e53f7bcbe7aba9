import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { INTERESTS } from '../live/checker.js';
import { ProgressWatcher } from '../live/watcher.js';
import { offeredItems } from '../support/case-work.js';
import { FaultRelay } from '../support/fault-relay.js';
import { OwnMariaDb } from '../support/own-mariadb.js';
import { OwnRedis } from '../support/own-redis.js';
import { Province } from '../topology/province.js';
import { SteadyLoad } from './steady-load.js';

const run = promisify(execFile);
/** Of the file system that the store is on, where one can be made: small enough to be filled. */
const STORE_SIZE = '600m';

/** A province whose stores, lines and parts a test breaks, with people at work in it and others who watch. */
export class FaultWorld implements AsyncDisposable {
  private constructor(
    readonly province: Province,
    readonly mariadb: OwnMariaDb,
    readonly redis: OwnRedis,
    /** Between every part and the store. */
    readonly storeLine: FaultRelay,
    /** Between everybody and the department of housing. */
    readonly housingLine: FaultRelay,
    /** Whether the store's file system is its own, and may be filled. */
    readonly fillable: boolean,
    readonly load: SteadyLoad,
    readonly watchers: readonly ProgressWatcher[],
    readonly stack: AsyncDisposableStack,
  ) {}

  static async start(parts?: Readonly<Record<string, number>>): Promise<FaultWorld> {
    await using stack = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-faults-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    const data = join(directory, 'mariadb');
    await mkdir(data);
    const fillable = await run('mount', ['-t', 'tmpfs', '-o', `size=${STORE_SIZE}`, 'tmpfs', data]).then(
      () => true,
      () => false,
    );
    if (fillable) stack.defer(async () => void (await run('umount', ['-l', data])));
    const mariadb = stack.use(await OwnMariaDb.start(directory));
    const redis = stack.use(await OwnRedis.start(directory));
    const storeLine = stack.use(await FaultRelay.open(() => mariadb.port));
    let housing = 0;
    const housingLine = stack.use(await FaultRelay.open(() => housing));
    const province = stack.use(
      await Province.start({
        directory,
        storeUrl: mariadb.url(storeLine.port),
        redisUrl: redis.url,
        env: { GATEWAY_RATE_PER_IDENTITY: '0', GATEWAY_RATE_PER_ADDRESS: '0' },
        ...(parts !== undefined && { parts }),
        own: { housing: { PUBLIC_URL: `http://127.0.0.1:${housingLine.port}/graphql` } },
        begun: (topology) => {
          housing = topology.portOf('housing');
        },
      }),
    );
    const { graphs, departments } = province;
    const watchers = INTERESTS.flatMap((interest, index) =>
      (['websocket', 'sse'] as const).map((protocol) => {
        const graph = graphs[index % graphs.length] ?? province.graph;
        return stack.use(new ProgressWatcher(graph, interest, protocol));
      }),
    );
    const items = await offeredItems(province.graph, departments);
    const load = stack.use(new SteadyLoad({ graphs, items, departments, rest: 100 }));
    await load.successes(2);
    return new FaultWorld(province, mariadb, redis, storeLine, housingLine, fillable, load, watchers, stack.move());
  }

  /** Leaves the store's file system not a byte. */
  async fillStore(): Promise<void> {
    await using file = await open(this.#filler, 'w');
    const block = Buffer.alloc(1 << 20);
    for (let size = block.length; size >= 4_096; ) {
      try {
        const { bytesWritten } = await file.write(block, 0, size);
        if (bytesWritten < size) size >>= 1;
      } catch {
        size >>= 1;
      }
    }
  }

  /** Makes room again; a server that gave up without any is started again, as an operator would. */
  async emptyStore(): Promise<void> {
    await rm(this.#filler, { force: true });
    if (this.mariadb.process.ended) await this.mariadb.process.start();
  }

  get #filler(): string {
    return join(this.mariadb.directory, 'mariadb', 'filler');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}
