import { publicAddress, type SubgraphAddress } from './public-address.js';
import { keepRegistering, type Registration, type RegistrationEnvironment, type RegistrationOptions } from './registration.js';

const REGISTER = /* GraphQL */ `
  mutation RegisterDepartment($input: RegisterDepartmentInput!) {
    registerDepartment(input: $input) { departmentCode supergraphVersion }
  }
`;

/** Whom a department answers to (第二条): the province 省直, or the centre 中央驻豫. */
export type DepartmentAffiliationName = 'PROVINCIAL' | 'CENTRAL';

/** A department as it announces itself. */
export interface DepartmentAnnouncement extends SubgraphAddress {
  /** The value of `departmentCode` in its rows. */
  readonly code: string;
  /** Its official name. */
  readonly name: string;
  readonly affiliation: DepartmentAffiliationName;
  /** Its whole subgraph SDL. */
  readonly sdl: string;
}

/** Registers a department under its own role, until the registry takes or refuses it. */
export function registerDepartment(
  env: RegistrationEnvironment,
  { code, name, affiliation, sdl, url, subscriptionUrl }: DepartmentAnnouncement,
  options?: RegistrationOptions,
): Registration {
  const address = publicAddress(env.publicUrl, { url, subscriptionUrl });
  return keepRegistering(
    env,
    {
      subgraph: code,
      caller: { subject: `department:${code}`, roles: [`department:${code}`] },
      query: REGISTER,
      input: { code, name, affiliation, sdl, ...address },
    },
    options,
  );
}
