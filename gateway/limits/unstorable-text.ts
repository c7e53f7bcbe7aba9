import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/**
 * GraphQL allows U+0000 in a text. Databases do not all store it or look for it, and some cut a text off there, so it
 * would be a fault of whichever department it reaches.
 * @throws CataloguedError BAD_USER_INPUT
 */
export function refuseNul(text: string): void {
  if (text.includes('\0'))
    throw new CataloguedError('BAD_USER_INPUT', 'texts must not contain the character U+0000; leave it out', { http: { status: 400 } });
}
