import type { Session } from '../session.js';
import { NotApplicable } from '../unmet.js';

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

async function partsOf(session: Session): Promise<{ header: string; payload: Record<string, unknown>; signature: string }> {
  const [header, payload, signature] = (await session.authorization('nobody')).replace(/^Bearer /, '').split('.');
  try {
    if (header === undefined || payload === undefined || signature === undefined) throw new Error('no JWT');
    return { header, signature, payload: JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown> };
  } catch {
    throw new NotApplicable('the tokens given to the suite are no JWTs, so none can be tampered with');
  }
}

/** A token of nobody that claims to be the platform's, under the signature of the real one. */
export async function tamperedToken(session: Session): Promise<string> {
  const { header, payload, signature } = await partsOf(session);
  return `Bearer ${header}.${encode({ ...payload, roles: ['platform'] })}.${signature}`;
}

/** The same claim without any signature, as `alg: none` would have it. */
export async function unsignedToken(session: Session): Promise<string> {
  const { payload } = await partsOf(session);
  return `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...payload, roles: ['platform'] })}.`;
}
