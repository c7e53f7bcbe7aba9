import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../../schema/composition/conformance.js';
import { DEPARTMENTS } from '../../../subgraphs/departments/index.js';
import { acceptedCase, RECEIVE, startHarness } from './department-harness.js';

describe.each(DEPARTMENTS)('department $code', (department) => {
  test('conforms to the contract, and to it alone', async () => {
    const { sdl } = await department.schema();
    expect(checkConformance({ code: department.code, sdl })).toEqual([]);
  });

  test('serves', async () => {
    await using it = await startHarness(department);
    const items = await it.asPlatform(`{ departmentItems(departmentCode: "${department.code}") { code name state guide { version } } }`);
    expect(items.errors).toBeUndefined();
    const item = items.data.departmentItems[0];
    const input = acceptedCase(department.code, item.code);
    const receipt = await it.asPlatform(RECEIVE, { departmentCode: department.code, input });
    expect(receipt.data.receiveCase).toEqual({ caseNumber: input.number, receivedAt: '2026-11-24T01:00:00.000Z', alreadyReceived: false });
  });
});
