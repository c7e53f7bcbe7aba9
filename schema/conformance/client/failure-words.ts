const WORDS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at the address',
  ECONNRESET: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was broken off',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host can not be reached',
  ENETUNREACH: 'the host can not be reached',
  ETIMEDOUT: 'the host did not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host did not answer',
  HPE_INVALID_CONSTANT: 'what answers does not speak HTTP',
};
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

/** Why a connection failed, in words; the system's own word for it in brackets. Names no address. */
export function failureWords(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) {
    const text = error instanceof Error ? `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}` : '';
    if (/invalid url|failed to parse url/i.test(text)) return 'the address is no URL';
    if (/redirect/i.test(text)) return 'it answers with a redirect, which would carry the token elsewhere';
    return 'the connection failed';
  }
  if (TLS.test(code)) return `the TLS connection failed (${code})`;
  return `${WORDS[code] ?? 'the connection failed'} (${code})`;
}

function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && code !== 'ERR_INVALID_URL') return code;
  }
  return undefined;
}
