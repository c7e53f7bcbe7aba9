/**
 * How somebody who is refused may appeal, which every refusal tells (Administrative Licensing Law, Art. 38): administrative
 * reconsideration within 60 days (Administrative Reconsideration Law, Art. 20), or a court within 6 months (Administrative
 * Litigation Law, Art. 46).
 */
export const APPEAL_TEXT =
  '如不服本决定,可以自收到本决定书之日起60日内依法申请行政复议,也可以自收到本决定书之日起6个月内依法向有管辖权的人民法院提起行政诉讼。';
