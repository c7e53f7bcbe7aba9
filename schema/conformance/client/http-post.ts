import { OutOfTime, Unmet } from '../unmet.js';
import { failureWords } from './failure-words.js';

/** Bytes. A whole catalogue is far below; an endpoint gone wrong must not take the suite with it. */
const ANSWER_LIMIT = 32 * 1024 * 1024;

export interface HttpRequest {
  readonly url: string;
  readonly body: string;
  /** The whole header, or none. */
  readonly authorization: string | undefined;
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Without parameters, in lower case. */
  readonly contentType: string;
  readonly text: string;
}

/** Posts a GraphQL request as a GraphQL-over-HTTP client does. @throws Unmet when no whole answer comes in time. */
export async function httpPost({ url, body, authorization, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(authorization !== undefined && { authorization }),
      },
      body,
      redirect: 'error',
      signal: limit,
    });
    const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    return { status: response.status, contentType, text: await boundedText(response) };
  } catch (error) {
    if (error instanceof Unmet) throw error;
    throw limit.aborted ? new OutOfTime(`no whole answer came within ${timeoutMs} ms`) : new Unmet(failureWords(error));
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let size = 0;
  let text = '';
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_LIMIT) throw new Unmet(`the answer is larger than ${ANSWER_LIMIT} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
