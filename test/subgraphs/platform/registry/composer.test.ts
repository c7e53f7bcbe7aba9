import { expect, test } from 'vitest';
import type { CompositionSources } from '../../../../schema/composition/compose.js';
import { CompositionFailed } from '../../../../schema/composition/composition-failed.js';
import type { Composer } from '../../../../subgraphs/platform/registry/composing/composer.js';
import { inlineComposer } from '../../../../subgraphs/platform/registry/composing/inline-composer.js';
import { ThreadComposer } from '../../../../subgraphs/platform/registry/composing/thread-composer.js';
import { ACCEPTANCE, department, departmentSdl } from '../../../schema/department-fixture.js';

/** What runs in a thread is what is delivered; the tests' own loader is not there. */
const BUILT = new URL('../../../../dist/subgraphs/platform/registry/composing/composer-thread.js', import.meta.url);
const SOUND: CompositionSources = { platform: [ACCEPTANCE], departments: [department('drug'), department('tax')] };
const TWICE: CompositionSources = { platform: [ACCEPTANCE], departments: [department('drug'), department('drug')] };

async function said(composer: Composer) {
  const before = await composer.compose({ platform: [ACCEPTANCE], departments: [] });
  const after = await composer.compose(SOUND);
  return {
    after,
    failed: await composer.compose(TWICE).catch((error: unknown) => error),
    faults: await composer.conformance({ code: 'drug', sdl: departmentSdl('drug').replace('extend type Case', 'extend type Cases') }),
    changes: await composer.changes(before.sdl, after.sdl),
  };
}

test('a thread composes, refuses and compares as the calling thread does', async () => {
  await using thread = new ThreadComposer(BUILT);
  await using inline = inlineComposer();
  const expected = await said(inline);
  expect(await said(thread)).toEqual(expected);
  expect(expected.failed).toBeInstanceOf(CompositionFailed);
  expect(expected.faults).not.toEqual([]);
  expect(expected.changes).not.toEqual([]);
});

test('while a thread composes, who asked goes on', async () => {
  await using thread = new ThreadComposer(BUILT);
  // the first call starts the thread, which is no matter of composing
  await thread.conformance({ code: 'drug', sdl: '' });
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  await thread.compose({ platform: [ACCEPTANCE], departments: Array.from({ length: 8 }, (_, n) => department(`tax-${n}`)) });
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
});

test('what is not done when the registry ends is given up', async () => {
  const thread = new ThreadComposer(BUILT);
  const composing = expect(thread.compose(SOUND)).rejects.toThrow();
  await thread[Symbol.asyncDispose]();
  await composing;
});
