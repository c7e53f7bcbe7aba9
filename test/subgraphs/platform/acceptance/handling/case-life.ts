import { vi } from 'vitest';
import type { Answer } from '../../../../support/environment.js';
import type { FakeDepartment } from '../world.js';
import { APPLICANT, WAITING, WINDOW, type World } from '../world.js';

export const DECISION = {
  outcome: 'APPROVED',
  decidedAt: '2026-11-26T02:00:00.000Z',
  reasons: null as string | null,
  reviewRuleVersion: 3,
  documentNumber: '豫演许〔2026〕7号',
  seal: '河南省药品监督管理局行政审批专用章',
};
export const CERTIFICATE = {
  number: '豫演证字0007',
  kind: 'CERTIFICATE',
  issuedAt: '2026-11-27T02:00:00.000Z',
  validUntil: '2029-11-26',
  electronic: true,
};

/** Tells that a case was decided, and waits until the ledger knows. */
export async function decided(world: World, drug: FakeDepartment, number: string, change: Partial<typeof DECISION> = {}): Promise<void> {
  drug.tell(number, 'DECIDED', { decision: { ...DECISION, ...change } });
  await stage(world, number, 'DECIDED');
}

export async function certified(
  world: World,
  drug: FakeDepartment,
  number: string,
  change: Partial<typeof CERTIFICATE> = {},
): Promise<void> {
  drug.tell(number, 'CERTIFICATE_ISSUED', { certificate: { ...CERTIFICATE, ...change } });
  await stage(world, number, 'CERTIFICATE_ISSUED');
}

export async function delivered(world: World, drug: FakeDepartment, number: string): Promise<void> {
  drug.tell(number, 'DELIVERED', {
    delivery: { channel: 'ELECTRONIC', deliveredAt: '2026-11-27T03:00:00.000Z', trackingNumber: null },
  });
  await stage(world, number, 'DELIVERED');
}

export async function stage(world: World, number: string, expected: string): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = await world.ask(WINDOW, 'query($n: ID!) { case(number: $n) { stage } }', { n: number });
    if (data?.['case'].stage !== expected) throw new Error(`still ${data?.['case'].stage}`);
  }, WAITING);
}

/** A case from its application to its delivery. */
export async function wholeLife(world: World, drug: FakeDepartment, certificate: Partial<typeof CERTIFICATE> = {}): Promise<string> {
  const number = await world.accepted('drug', APPLICANT);
  await vi.waitFor(() => {
    if (!drug.received.has(number)) throw new Error('not received');
  }, WAITING);
  await decided(world, drug, number);
  await certified(world, drug, number, certificate);
  await delivered(world, drug, number);
  return number;
}

export const DOCUMENTS = 'documents { id kind title seal issuedAt url sha256 verificationUrl }';

export async function documentsOf(world: World, number: string, who = WINDOW): Promise<any[]> {
  const answer = await world.ask(who, `query($n: ID!) { case(number: $n) { ${DOCUMENTS} } }`, { n: number });
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.['case'].documents;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test says what it asked for
export function one<T>(answer: Answer, name: string): T {
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.[name];
}
