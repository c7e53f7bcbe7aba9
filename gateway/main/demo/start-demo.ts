import type { DemoIssuer } from '../../security/demo-issuer.js';
import { PLATFORM } from '../subgraph-table.js';
import { GraphClient } from './graph-client.js';
import { Officer } from './officer.js';
import { type DemoPerson, demoPeople } from './people.js';
import { type DemoCast, hasCases, seedCases, whenItemsAreOffered } from './seed.js';
import { simulate } from './simulate.js';

export interface DemoToken extends DemoPerson {
  readonly token: string;
}

export interface RunningDemo extends AsyncDisposable {
  readonly people: readonly DemoToken[];
  /** Keeps applications and department work going until the demonstration is disposed. */
  simulate(say: (line: string) => void): void;
}

/** A system whose people the demonstration gives tokens to; in this process or in others. */
export interface DemoGround {
  readonly gateway: { readonly url: string };
  readonly demoIssuer: DemoIssuer | undefined;
  readonly subgraphs: readonly { readonly name: string }[];
}

/** Gives the demonstration its people and, at the first start, a handful of cases. Nothing where another issuer vouches for clients. */
export async function startDemo({ gateway, demoIssuer, subgraphs }: DemoGround): Promise<RunningDemo | undefined> {
  if (demoIssuer === undefined) return undefined;
  const departments = subgraphs.map(({ name }) => name).filter((name) => !(PLATFORM as readonly string[]).includes(name));
  const people = await Promise.all(
    demoPeople(departments).map(async (person) => ({ ...person, token: await demoIssuer.issue(person.subject, person.roles) })),
  );
  const clientOf = (key: string) => {
    const person = people.find((candidate) => candidate.key === key);
    if (person === undefined) throw new Error(`the demonstration has no ${key}`);
    return new GraphClient(gateway.url, person.token);
  };
  const cast: DemoCast = {
    applicant: clientOf('applicant'),
    window: clientOf('window'),
    officers: new Map(departments.map((code) => [code, new Officer(clientOf(code))])),
  };
  const stopped = new AbortController();
  await whenItemsAreOffered(cast, stopped.signal);
  if (!(await hasCases(cast.window))) await seedCases(cast, stopped.signal);
  let life: Promise<void> = Promise.resolve();
  return {
    people,
    simulate(say) {
      life = simulate(cast, stopped.signal, say);
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await life;
    },
  };
}
