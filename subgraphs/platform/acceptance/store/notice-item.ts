/** One entry of a one-time notice: a material of the guide or an entry of the form, what is wrong with it, and how to mend it. */
export interface NoticeItem {
  readonly materialCode: string | null;
  readonly formField: string | null;
  /** As the guide names it when the notice is given. */
  readonly label: string;
  readonly problem: string;
  readonly remedy: string;
  /** Whether it is wanted on paper. */
  readonly onPaper: boolean;
}
