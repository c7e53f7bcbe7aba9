import type { DepartmentOffice } from '../../kit/department/definition.js';

export const OFFICE: DepartmentOffice = {
  code: 'housing',
  name: '河南省住房和城乡建设厅',
  affiliation: 'PROVINCIAL',
  seal: '河南省住房和城乡建设厅行政审批专用章',
  documentPrefix: '豫建许',
  creditCode: '1141000000JN000016',
};

/** The one place that says what these guides are. */
export const CONSULTATION = [
  '窗口咨询:河南省政务服务中心住房和城乡建设窗口(工作日 9:00-12:00,13:00-17:00)',
  '网上咨询:河南政务服务网在线客服',
  '演示:本指南为演示数据,以部门正式公布的办事指南为准 (demonstration data)',
];

export const SAMPLES = 'https://samples.acceptance.example/housing';
