import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Functions that are told. */
const TOLD = 30;
let session: Session | undefined;

export async function profileStart(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
}

/** Where the time went, idle time left out: the functions that used most themselves. */
export async function profileStop(): Promise<string> {
  if (session === undefined) throw new Error('nothing is being profiled');
  const { profile } = (await session.post('Profiler.stop')) as { profile: Profile };
  session.disconnect();
  // for `npx speedscope` or a browser's developer tools
  if (process.env['PROFILE'] !== undefined) writeFileSync(process.env['PROFILE'], JSON.stringify(profile));
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const name = names.get(id) ?? '?';
    if (name === '(idle)') continue;
    const time = profile.timeDeltas?.[index] ?? 0;
    busy += time;
    own.set(name, (own.get(name) ?? 0) + time);
  }
  return [...own]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOLD)
    .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n');
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const file = url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^node:/, 'node:');
  return file === '' ? functionName : `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
