import { publicAddress, type SubgraphAddress } from './public-address.js';
import { keepRegistering, type Registration, type RegistrationEnvironment, type RegistrationOptions } from './registration.js';

const REGISTER = /* GraphQL */ `
  mutation RegisterPlatform($input: RegisterPlatformInput!) {
    registerPlatform(input: $input) { name supergraphVersion }
  }
`;

/** A subgraph of the platform itself, as it announces itself. */
export interface PlatformAnnouncement extends SubgraphAddress {
  /** Its name in the supergraph, which is also its internal tokens' audience. */
  readonly name: string;
  readonly sdl: string;
}

/** Registers a platform subgraph, until the registry takes or refuses it. */
export function registerPlatform(
  env: RegistrationEnvironment,
  { name, sdl, url, subscriptionUrl }: PlatformAnnouncement,
  options?: RegistrationOptions,
): Registration {
  const address = publicAddress(env.publicUrl, { url, subscriptionUrl });
  return keepRegistering(
    env,
    {
      subgraph: name,
      caller: { subject: `platform:${name}`, roles: ['platform'] },
      query: REGISTER,
      input: { name, sdl, ...address },
    },
    options,
  );
}
