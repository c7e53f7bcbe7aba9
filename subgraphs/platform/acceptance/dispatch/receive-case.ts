import { randomUUID } from 'node:crypto';
import type { ExchangeSender } from '../../../kit/exchange/sender.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import { callSubgraph, SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import { PLATFORM } from '../platform-caller.js';
import type { CaseRow } from '../store/tables.js';

const RECEIVE_CASE = `mutation ReceiveCase($departmentCode: ID!, $input: AcceptedCaseInput!) {
  receiveCase(departmentCode: $departmentCode, input: $input) { caseNumber receivedAt }
}`;

/** The department contract's ReceiveCasePayload, as far as it is asked for. */
interface Received {
  receiveCase: { caseNumber: string; receivedAt: string };
}

/** Hands a case to its department; the department takes each number once, so it may be handed over again. */
export type ReceiveCase = (row: CaseRow, signal: AbortSignal) => Promise<{ receivedAt: Date }>;

export interface ReceiveCaseOptions {
  tokens: InternalTokens;
  /** Signs what goes to departments, so that it can be proved later what was sent. */
  sender?: ExchangeSender | undefined;
  /** Where a department is reached at this moment; undefined while nobody knows. */
  urlOf: (departmentCode: string) => Promise<string | undefined>;
  /** Where a department fetches an uploaded material, with a token for calls to the ledger. */
  materialUrl: (uploadId: string) => string;
  /** Milliseconds a department may take. */
  timeout: number;
}

/** @throws SubgraphCallFailed */
export function receiveCaseAtDepartment({ tokens, sender, urlOf, materialUrl, timeout }: ReceiveCaseOptions): ReceiveCase {
  return async (row, signal) => {
    const { departmentCode } = row;
    const url = await urlOf(departmentCode);
    if (url === undefined) throw new SubgraphCallFailed('nobody knows where the department is', 'DEPARTMENT_UNAVAILABLE');
    const requestId = randomUUID();
    const { receiveCase } = await callSubgraph<Received>({
      url,
      authorization: await tokens.authorization(departmentCode, { ...PLATFORM, requestId }),
      query: RECEIVE_CASE,
      variables: { departmentCode, input: acceptedCase(row, materialUrl) },
      requestId,
      signedFor: sender && { sender, recipient: departmentCode },
      timeout,
      signal,
    });
    const receivedAt = new Date(receiveCase?.receivedAt);
    if (receiveCase?.caseNumber !== row.number || Number.isNaN(receivedAt.getTime())) {
      throw new SubgraphCallFailed('the receipt is for another case, or without a time', 'CONTRACT_VIOLATION');
    }
    return { receivedAt };
  };
}

/** The department contract's AcceptedCaseInput. */
function acceptedCase(row: CaseRow, materialUrl: ReceiveCaseOptions['materialUrl']) {
  const { number, departmentCode, itemCode, acceptedAt, promisedDays, statutoryDays, promisedDueAt, statutoryDueAt } = row;
  return {
    number,
    departmentCode,
    itemCode,
    acceptedAt,
    applicant: { kind: row.applicantKind, name: row.applicantName, idNumber: row.applicantIdNumber, phone: row.applicantPhone },
    materials: row.materials.map(({ code, name, source, contentHash, url, uploadId }) => ({
      code,
      name,
      source,
      contentHash,
      url: uploadId == null ? url : materialUrl(uploadId),
    })),
    form: row.form.map(({ name, value }) => ({ name, value })),
    promisedDays,
    statutoryDays,
    promisedDueAt,
    statutoryDueAt,
  };
}
