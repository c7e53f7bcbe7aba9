import { existsSync } from 'node:fs';
import type { FaultWorld } from './fault-world.js';

/** One thing that goes wrong, and how it is mended. */
export interface Fault {
  readonly name: string;
  begin(world: FaultWorld): Promise<void> | void;
  end(world: FaultWorld): Promise<void> | void;
  /** Why it can't be made here. */
  unless?(world: FaultWorld): string | undefined;
}

/** From Debian's libfaketime. */
const FAKE_TIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

/** A part that is killed, and started again by whoever keeps it running. */
export function killed(name: string, said = name): Fault {
  return {
    name: `${said} killed`,
    begin: async ({ province }) => void (await province.topology.part(name).kill()),
    end: async ({ province }) => void (await province.topology.start(name)),
  };
}

/** A part that stops answering and keeps its connections. */
export function frozen(name: string, said = name): Fault {
  return {
    name: `${said} frozen`,
    begin: ({ province }) => province.topology.part(name).signal('SIGSTOP'),
    end: ({ province }) => province.topology.part(name).signal('SIGCONT'),
  };
}

function skewed(name: string, said: string, offset: string): Fault {
  return {
    name: `${said}: clock ${offset}`,
    begin: (world) => restart(world, name, { LD_PRELOAD: FAKE_TIME, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' }),
    end: (world) => restart(world, name),
    unless: () => (existsSync(FAKE_TIME) ? undefined : 'libfaketime is not installed'),
  };
}

async function restart({ province }: FaultWorld, name: string, env?: Record<string, string>): Promise<void> {
  await province.topology.part(name).kill('SIGTERM');
  await province.topology.start(name, env);
}

export const FAULTS: readonly Fault[] = [
  ...[
    ['registry', 'registry'],
    ['catalog', 'catalogue'],
    ['acceptance-2', 'one of two acceptance instances'],
    ['drug-2', 'one of two instances of a department'],
    ['housing', 'the only instance of a department'],
    ['supervision', 'supervision'],
    ['gateway-2', 'one of two gateways'],
  ].flatMap(([name = '', said]) => [killed(name, said), frozen(name, said)]),
  {
    name: 'store killed',
    begin: ({ mariadb }) => mariadb.process.kill(),
    end: ({ mariadb }) => mariadb.process.start(),
  },
  {
    name: 'store frozen',
    begin: ({ mariadb }) => mariadb.process.signal('SIGSTOP'),
    end: ({ mariadb }) => mariadb.process.signal('SIGCONT'),
  },
  {
    name: 'store read-only',
    begin: ({ mariadb }) => mariadb.administer('set global read_only = 1'),
    end: ({ mariadb }) => mariadb.administer('set global read_only = 0'),
  },
  {
    name: "store's disk full",
    begin: (world) => world.fillStore(),
    end: (world) => world.emptyStore(),
    unless: ({ fillable }) => (fillable ? undefined : 'no file system of its own can be mounted here'),
  },
  {
    name: 'store slow (80 ms late)',
    begin: ({ storeLine }) => {
      storeLine.state = { kind: 'late', ms: 40 };
    },
    end: ({ storeLine }) => {
      storeLine.state = { kind: 'whole' };
    },
  },
  {
    name: 'Redis killed',
    begin: ({ redis }) => redis.process.kill(),
    end: ({ redis }) => redis.process.start(),
  },
  {
    name: 'Redis frozen',
    begin: ({ redis }) => redis.process.signal('SIGSTOP'),
    end: ({ redis }) => redis.process.signal('SIGCONT'),
  },
  {
    name: 'network to a department cut',
    begin: ({ housingLine }) => {
      housingLine.state = { kind: 'cut' };
    },
    end: ({ housingLine }) => {
      housingLine.state = { kind: 'whole' };
    },
  },
  {
    name: 'network to a department silent',
    begin: ({ housingLine }) => {
      housingLine.state = { kind: 'silent' };
    },
    end: ({ housingLine }) => {
      housingLine.state = { kind: 'whole' };
    },
  },
  {
    name: 'network to a department 1 s late',
    begin: ({ housingLine }) => {
      housingLine.state = { kind: 'late', ms: 500 };
    },
    end: ({ housingLine }) => {
      housingLine.state = { kind: 'whole' };
    },
  },
  skewed('acceptance-2', 'one of two acceptance instances', '+30s'),
  skewed('drug-2', 'one of two instances of a department', '-30s'),
];
