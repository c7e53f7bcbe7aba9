/** What an alert is about: an application and the case it becomes, ... */
export const applicationSubject = (applicationId: string) => `application:${applicationId}`;
/** ... an item, ... */
export const itemSubject = (departmentCode: string, itemCode: string | null) => `item:${departmentCode}:${itemCode ?? ''}`;
/** ... a number that nobody gave, ... */
export const numberSubject = (departmentCode: string, number: string) => `number:${departmentCode}:${number}`;
/** ... or a problem of a department's declaration. */
export const problemSubject = (departmentCode: string, digest: string) => `problem:${departmentCode}:${digest}`;
