import type { PaperSeal } from './paper.js';

const ACCEPTANCE_PURPOSE = '受理专用章';
const APPROVAL_PURPOSE = '审批专用章';

/** The one seal under which the Centre accepts for every department (Art. 6). */
export const ACCEPTANCE_SEAL: PaperSeal = { kind: 'ACCEPTANCE', body: '河南省政务服务中心', purpose: ACCEPTANCE_PURPOSE };

/** A department's approval seal, by the name its decisions give it; that name is the department's own to choose. */
export function approvalSeal(name: string): PaperSeal {
  const body = name.replace(/(行政)?审批专用章.*$/, '').trim();
  return { kind: 'APPROVAL', body: body === '' ? name : body, purpose: APPROVAL_PURPOSE };
}
