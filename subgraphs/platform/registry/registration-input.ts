import { isDepartmentCode } from '../../../schema/composition/department-names.js';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { addressesOf } from '../../kit/server/address-list.js';
import { type DepartmentPublication, hashOf, type PlatformPublication } from './publications.js';
import type { RegisterDepartmentInput, RegisterPlatformInput } from './registration-types.js';

/** Bytes of UTF-8. The contract has 15 KB. */
export const SDL_LIMIT = 512 * 1024;
const URL_LIMIT = 2048;
const TITLE_LIMIT = 200;
/** The scope of a feed's events holds that much. */
const NAME_LIMIT = 32;

/** @throws CataloguedError BAD_USER_INPUT or PAYLOAD_TOO_LARGE, naming the field. */
export function departmentPublication(input: RegisterDepartmentInput): DepartmentPublication {
  const title = input.name.trim();
  if (title === '' || title.length > TITLE_LIMIT) throw bad('name', `has to have 1 to ${TITLE_LIMIT} characters`);
  return { kind: 'department', name: name('code', input.code), title, affiliation: input.affiliation, ...addressAndSdl(input) };
}

/** @throws like {@link departmentPublication}. */
export function platformPublication(input: RegisterPlatformInput): PlatformPublication {
  return { kind: 'platform', name: name('name', input.name), ...addressAndSdl(input) };
}

function addressAndSdl({ url, subscriptionUrl, sdl }: RegisterPlatformInput) {
  const size = Buffer.byteLength(sdl);
  if (size > SDL_LIMIT) {
    throw new CataloguedError('PAYLOAD_TOO_LARGE', `sdl has ${size} bytes; a subgraph may publish ${SDL_LIMIT}`, { limit: SDL_LIMIT });
  }
  return {
    url: address('url', url, ['http:', 'https:']),
    subscriptionUrl: address('subscriptionUrl', subscriptionUrl, ['ws:', 'wss:']),
    sdl,
    sdlHash: hashOf(sdl),
  };
}

function name(field: string, value: string): string {
  if (value.length > NAME_LIMIT || !isDepartmentCode(value)) {
    throw bad(field, `has to be lower-case words joined by hyphens, such as human-resources, of at most ${NAME_LIMIT} characters`);
  }
  return value;
}

/** The message repeats nothing of the URL: one with a password in it must not reach a log. */
function address(field: string, value: string, protocols: readonly string[]): string {
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  if (value.length > URL_LIMIT) throw bad(field, `has to have at most ${URL_LIMIT} characters`);
  for (const one of addressesOf(value)) {
    const url = URL.parse(one);
    if (url === null || /\s/.test(one) || !protocols.includes(url.protocol)) throw bad(field, `has to be an absolute ${expected} URL`);
    if (url.username !== '' || url.password !== '') throw bad(field, 'must not carry a user or password: internal tokens say who calls');
    if (url.hash !== '') throw bad(field, 'must not have a fragment');
  }
  return value;
}

function bad(field: string, reason: string): CataloguedError {
  return new CataloguedError('BAD_USER_INPUT', `${field} ${reason}`, { field });
}
