import { MINUTE, perDepartment, whole } from '../forms.js';
import { setting } from '../setting.js';

/** How a gateway asks subgraphs. */
export const FETCHING = {
  GATEWAY_FETCH_TIMEOUT_MS: setting(whole(10, 10 * MINUTE, 5_000), {
    en: 'milliseconds that a subgraph may take for one answer',
    zh: '子图一次应答的最长用时(毫秒)',
    usedBy: ['gateway'],
  }),
  GATEWAY_DEPARTMENT_TIMEOUTS_MS: setting(perDepartment('milliseconds').default({}), {
    en: 'the same for single departments: `drug=2000,transport=8000`',
    zh: '单个部门的上述时限:`drug=2000,transport=8000`',
    usedBy: ['gateway'],
  }),
};
