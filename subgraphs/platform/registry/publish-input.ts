import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { socketAddresses } from '../../kit/server/address-list.js';
import type { PublishDepartmentInput } from './publishing/publication-types.js';
import type { PublishRequest } from './publishing/publisher.js';
import { departmentPublication } from './registration-input.js';
import type { DepartmentRow } from './tables.js';

const REASON_LIMIT = 500;
const CONTACT_LIMIT = 200;

/**
 * What is to be published; what is left out is as it was.
 * @throws CataloguedError BAD_USER_INPUT or PAYLOAD_TOO_LARGE, naming the field.
 */
export function publishRequest(input: PublishDepartmentInput, known: DepartmentRow | null, by: string): PublishRequest {
  const url = input.url ?? known?.url;
  // an address that moves takes its subscriptions along
  const subscriptionUrl = input.subscriptionUrl ?? (input.url == null ? known?.subscriptionUrl : socketAddresses(input.url));
  const {
    sdl: _sdl,
    sdlHash: _hash,
    ...department
  } = departmentPublication({
    code: input.departmentCode,
    name: required('name', input.name ?? known?.name),
    affiliation: required('affiliation', input.affiliation ?? known?.affiliation),
    url: required('url', url),
    subscriptionUrl: required('url', subscriptionUrl),
    sdl: input.sdl ?? '',
  });
  const overrideReason = text('overrideReason', input.overrideReason, REASON_LIMIT);
  if (input.overrideReason != null && overrideReason === null) throw bad('overrideReason', 'has to say why');
  return {
    department: { ...department, ...(input.contact != null && { contact: text('contact', input.contact, CONTACT_LIMIT) }) },
    sdl: input.sdl ?? undefined,
    by,
    reason: text('reason', input.reason, REASON_LIMIT),
    overrideReason,
    baseVersion: input.baseVersion ?? null,
    dryRun: input.dryRun,
  };
}

/** @throws CataloguedError BAD_USER_INPUT */
export function text(field: string, value: string | null | undefined, limit: number): string | null {
  const trimmed = value?.trim() ?? '';
  if (trimmed.length > limit) throw bad(field, `has to have at most ${limit} characters`);
  return trimmed === '' ? null : trimmed;
}

function required<T>(field: string, value: T | null | undefined): T {
  if (value == null) throw bad(field, 'is needed when a department publishes for the first time');
  return value;
}

function bad(field: string, reason: string): CataloguedError {
  return new CataloguedError('BAD_USER_INPUT', `${field} ${reason}`, { field });
}
