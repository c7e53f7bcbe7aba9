/** The last day that every store can keep. */
const WITHOUT_DATE = new Date('9999-12-31T00:00:00.000Z');

/** The place of a case in a list by due date: one without a date comes last. */
export function dueSort(promisedDueAt: Date | null | undefined): Date {
  return promisedDueAt ?? WITHOUT_DATE;
}
