import { test } from 'vitest';
import { composeSupergraph } from '../../schema/composition/compose.js';
import { checkConformance } from '../../schema/composition/conformance.js';
import { ACCEPTANCE, department, departmentSdl } from './department-fixture.js';
test('x', () => {
  for (const n of [1, 10, 25, 50]) {
  const departments = Array.from({ length: n }, (_, i) => department(`dept-${i}`));
  let t = performance.now();
  for (const d of departments) checkConformance(d);
  console.log(n, 'conf', performance.now() - t);
  t = performance.now();
  const r = composeSupergraph({ platform: [ACCEPTANCE], departments });
  console.log(n, 'compose', performance.now() - t, r.sdl.length, r.hints.length, r.hints.slice(0, 3));
  }
}, 600000);
