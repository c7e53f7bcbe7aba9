import { expect, test } from 'vitest';
import { composeSupergraph } from '../../../../schema/composition/compose.js';
import { registrySchema } from '../../../../subgraphs/platform/registry/schema.js';

test('an internal enum stays out of the public graph', async () => {
  const { sdl } = await registrySchema();
  expect(sdl).toContain('enum DepartmentEventKind @inaccessible');
  expect(() => composeSupergraph({ platform: [{ name: 'registry', url: 'http://registry.test', sdl }], departments: [] })).not.toThrow();
});
