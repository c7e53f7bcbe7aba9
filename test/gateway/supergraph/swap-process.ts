import { composeSupergraph } from '../../../schema/composition/compose.js';
import { ACCEPTANCE, department, departmentSdl } from '../../schema/department-fixture.js';
import { post, startTestGateway } from '../server/test-gateway.js';

// Run with --expose-gc, as a process of its own: prints the bytes in use after 20 swaps and after 120.
const SETTLED = 20;
const SWAPS = 100;
const query = { query: '{ cases { number acceptedAt steps { name } item { guide { fee } } } }' };

function documentOf(n: number) {
  const sdl = `${departmentSdl('dept-0')} extend type Case { dept0Note${n}: String }`;
  const departments = [department('dept-0', sdl), ...Array.from({ length: 9 }, (_, index) => department(`dept-${index + 1}`))];
  return composeSupergraph({ platform: [ACCEPTANCE], departments });
}

async function used(): Promise<number> {
  // two rounds: what a finalizer lets go of in the first is collected in the second
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

// composed before anything is measured, so that what composition keeps is in both figures
const documents = Array.from({ length: 8 }, (_, n) => documentOf(n));
{
  await using gateway = await startTestGateway(documents[0] as (typeof documents)[number]);
  const swap = async (n: number) => {
    const document = documents[n % documents.length] as (typeof documents)[number];
    const problem = await gateway.source.offer({ ...document, version: `v${n}` }, 'registry');
    if (problem !== undefined) throw problem;
    // nobody answers as a subgraph: it is planned and executed all the same
    const { errors } = await post(gateway.url, query);
    if (errors?.[0]?.extensions['code'] !== 'SUBGRAPH_UNAVAILABLE') throw new Error(JSON.stringify(errors));
  };
  for (let n = 1; n <= SETTLED; n++) await swap(n);
  const before = await used();
  for (let n = SETTLED + 1; n <= SETTLED + SWAPS; n++) await swap(n);
  console.log(JSON.stringify({ swaps: SWAPS, before, after: await used() }));
}
