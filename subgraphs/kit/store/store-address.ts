import { join } from 'node:path';

/** Where one subgraph keeps its records. */
export type StoreAddress =
  | { readonly kind: 'memory'; readonly dialect: 'sqlite' }
  | { readonly kind: 'file'; readonly dialect: 'sqlite'; readonly path: string }
  | { readonly kind: 'mysql' | 'mariadb'; readonly dialect: 'mysql'; readonly url: string };

/**
 * The address of one subgraph's store under `STORE_URL`, to which each subgraph appends its name:
 * `memory:`, `file:DIRECTORY` (one node:sqlite file each), `mysql://user:password@host:port/prefix` or `mariadb://…`
 * (one database each, `prefix_name`).
 * @throws Error when the URL is none of these; the message names neither user nor password.
 */
export function storeAddress(storeUrl: string, name: string): StoreAddress {
  if (storeUrl === 'memory:') return { kind: 'memory', dialect: 'sqlite' };
  if (storeUrl.startsWith('file:')) {
    const directory = storeUrl.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
    return { kind: 'file', dialect: 'sqlite', path: join(directory === '' ? '.' : directory, `${name}.db`) };
  }
  const kind = /^(mysql|mariadb):\/\//.exec(storeUrl)?.[1] as 'mysql' | 'mariadb' | undefined;
  if (kind === undefined || !URL.canParse(storeUrl)) {
    throw new Error('STORE_URL must be memory:, file:DIRECTORY, mysql://user:password@host:port/prefix or mariadb://…');
  }
  const url = new URL(storeUrl);
  const prefix = url.pathname.slice(1) || 'acceptance';
  url.pathname = `/${prefix}_${name.replaceAll('-', '_')}`;
  return { kind, dialect: 'mysql', url: url.href };
}
