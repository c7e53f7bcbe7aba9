import type { Platform } from '@mikro-orm/core';
import type { PersonalDataKeys } from './personal-data-keys.js';

/** A column type is told by MikroORM which database it works for, and nothing else: this is how it finds the keys of that one. */
const KEYS = new WeakMap<Platform, PersonalDataKeys>();

export function giveStoreKeys(platform: Platform, keys: PersonalDataKeys): void {
  KEYS.set(platform, keys);
}

export const hasStoreKeys = (platform: Platform): boolean => KEYS.has(platform);

/** @throws Error when the store was opened without keys: better nothing than personal data in clear. */
export function keysOfStore(platform: Platform): PersonalDataKeys {
  const keys = KEYS.get(platform);
  if (keys === undefined) throw new Error('this store was opened without keys for personal data');
  return keys;
}
