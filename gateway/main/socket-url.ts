/** The graphql-transport-ws address beside an HTTP one. */
export function socketUrl(url: string): string {
  return url.replace(/^http/, 'ws');
}
