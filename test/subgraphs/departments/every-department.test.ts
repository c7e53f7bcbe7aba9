import { describe, expect, test } from 'vitest';
import { checkConformance } from '../../../schema/composition/conformance.js';
import { DEPARTMENTS } from '../../../subgraphs/departments/index.js';
import { isCreditCode } from '../../../subgraphs/kit/department/item-code.js';
import { missingStatements } from '../../../subgraphs/kit/store/missing-statements.js';
import { STORES } from '../../support/stores.js';
import { NOW, startHarness } from './department-harness.js';
import { caseEvents, flowOf, moved, readCase, received, reviewed } from './moves.js';

const DECLARED = /* GraphQL */ `
  query ($code: ID!) {
    departmentItems(departmentCode: $code) {
      code departmentCode name kind state
      guide {
        version publishedAt itemName implementingBody legalBasis conditions commonErrors fee feeBasis process statutoryDays promisedDays
        resultName result resultSampleUrl consultation
        materials { code name required copies electronic shared modelTextUrl }
        formFields { name label required hint }
      }
    }
  }
`;

describe.each(DEPARTMENTS)('department $code', (department) => {
  test('conforms to the contract', async () => {
    const { sdl } = await department.schema();
    expect(checkConformance({ code: department.code, sdl })).toEqual([]);
  });

  test('publishes over the network what its schema says', async () => {
    await using it = await startHarness(department);
    const answer = await it.asPlatform('{ _service { sdl } }');
    const { sdl } = await department.schema();
    expect(checkConformance({ code: department.code, sdl: answer.data._service.sdl })).toEqual([]);
    for (const own of sdl.match(new RegExp(`\\b${department.code}[A-Z]\\w+`, 'g')) ?? []) expect(answer.data._service.sdl).toContain(own);
  });

  test('adds fields of its own and none of another department', async () => {
    const { schema } = await department.schema();
    const contract = new Set(['number', 'departmentCode', 'receivedAt', 'steps', 'specialProcedures', 'extension', 'decision', 'delivery']);
    const fields = Object.keys((schema.getType('Case') as any).getFields()).filter((name) => !contract.has(name));
    expect(fields.length).toBeGreaterThanOrEqual(2);
    expect(fields.filter((name) => !name.startsWith(department.code))).toEqual([]);
  });

  test('declares every item with a guide that is complete in every part (Art. 11)', async () => {
    await using it = await startHarness(department);
    const answer = await it.asPlatform(DECLARED, { code: department.code });
    expect(answer.errors).toBeUndefined();
    const items = answer.data.departmentItems;
    expect(items.filter((item: any) => item.state === 'ACTIVE')).toHaveLength(5);
    expect(new Set(items.map((item: any) => item.code)).size).toBe(items.length);
    for (const item of items) {
      expect(item.code).toMatch(/^[0-9A-Z]{18}2\d{12}$/);
      expect(isCreditCode(item.code.slice(0, 18))).toBe(true);
      expect(item).toMatchObject({ departmentCode: department.code, guide: { itemName: item.name, implementingBody: department.name } });
      const { guide } = item;
      for (const part of ['legalBasis', 'conditions', 'materials', 'formFields', 'commonErrors', 'process', 'consultation'])
        expect(guide[part], `${item.name}: ${part}`).not.toHaveLength(0);
      expect(guide.consultation.join()).toContain('演示');
      expect(guide.promisedDays).toBeLessThanOrEqual(guide.statutoryDays);
      expect(guide.materials.some((material: any) => material.required && !material.shared)).toBe(true);
    }
  });

  describe.each(STORES)('on $name', ({ skip, open }) => {
    test.skipIf(skip)('takes every item from receipt to delivery', { timeout: 60_000 }, async () => {
      await using files = await open();
      await using it = await startHarness(department, files.url);
      const declared = await it.asPlatform(DECLARED, { code: department.code });
      for (const { code } of declared.data.departmentItems) {
        const number = await received(it, code);
        const version = await reviewed(it, code, number);
        const { all, guide, reviews } = await flowOf(it, code);
        await moved(it, 'decide', number, { outcome: 'APPROVED', reviewRuleVersion: version });
        if (guide.result !== 'NONE') await moved(it, 'issueCertificate', number, { electronic: true });
        const done = await moved(it, 'deliverResult', number, { channel: 'COURIER', trackingNumber: 'SF123' });

        expect(done.steps.map((step: any) => step.code)).toEqual(all.map((step: any) => step.code));
        expect(done.steps.every((step: any) => step.finishedAt === NOW.toISOString() && step.handler === 'officer:1')).toBe(true);
        expect(done.decision).toMatchObject({ outcome: 'APPROVED', reviewRuleVersion: version, reasons: null });
        expect(done.decision.seal).toContain(department.name);
        expect(done.decision.certificate?.kind).toBe(guide.result === 'NONE' ? undefined : guide.result);
        expect(done.delivery).toEqual({ channel: 'COURIER', deliveredAt: NOW.toISOString(), trackingNumber: 'SF123' });
        expect(await readCase(it, number)).toEqual(done);

        const told = await caseEvents(it, number);
        expect(told.map((event) => event.kind)).toEqual([
          'RECEIVED',
          ...reviews.flatMap(() => ['STEP_STARTED', 'STEP_FINISHED']),
          'DECIDED',
          ...(guide.result === 'NONE' ? [] : ['CERTIFICATE_ISSUED']),
          'DELIVERED',
        ]);
        // the detail that the kind names is set, as it was then, and no other
        for (const event of told) {
          const details = ['step', 'specialProcedure', 'extension', 'decision', 'certificate', 'delivery'].filter(
            (name) => event[name] !== null,
          );
          const named = { RECEIVED: [], DECIDED: ['decision'], CERTIFICATE_ISSUED: ['certificate'], DELIVERED: ['delivery'] } as Record<
            string,
            string[]
          >;
          expect(details).toEqual(named[event.kind] ?? ['step']);
        }
        expect(told.at(1)?.step).toMatchObject({ code: reviews[0], finishedAt: null, opinion: null });
        expect(told.at(2)?.step).toMatchObject({ code: reviews[0], finishedAt: NOW.toISOString(), opinion: '符合要求' });
        expect(told.find((event) => event.kind === 'DECIDED')?.decision).toEqual({ ...done.decision, certificate: null });
      }
    });

    test.skipIf(skip)('has migrations that make exactly its tables', async () => {
      await using files = await open();
      await using it = await startHarness(department, files.url);
      expect(await missingStatements(it.running.store)).toEqual([]);
    });
  });
});
