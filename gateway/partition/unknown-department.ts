import { EntityRefusal } from '../execution/fetch-route.js';

/** Nobody is asked in place of a department that does not exist: a guess would show one department's rows as another's. */
export const unknownDepartment = (department: string): EntityRefusal =>
  new EntityRefusal('UNKNOWN_DEPARTMENT', `There is no department "${department}".`, { department });
