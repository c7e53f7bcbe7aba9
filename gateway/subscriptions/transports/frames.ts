import type { SharedResult } from '../shared-result.js';

/** Text as its UTF-8 bytes, one per character: Node writes such a string to a socket without another copy in between. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const FINAL_TEXT = 0x81;

/** The head of an unmasked WebSocket frame with a whole text message (RFC 6455, 5.2). */
function frameHead(length: number): string {
  if (length < 126) return String.fromCharCode(FINAL_TEXT, length);
  if (length < 65_536) return String.fromCharCode(FINAL_TEXT, 126, length >> 8, length & 255);
  const head = Buffer.alloc(10);
  head[0] = FINAL_TEXT;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head.toString('latin1');
}

/** A message as a WebSocket frame. */
export function messageFrame(message: unknown): string {
  const bytes = bytesOf(JSON.stringify(message));
  return frameHead(bytes.length) + bytes;
}

const NEXT = '{"type":"next","payload":';

/** The end of every `next` message of one subscription. The id comes last so that all before it is shared. */
export const nextTail = (id: string): string => bytesOf(`,"id":${JSON.stringify(id)}}`);

/** A result as a `next` message for the subscription of this tail. Head and payload are made once per length of the tail. */
export function nextFrame(result: SharedResult, tail: string): string {
  return result.form(tail.length, startOfFrame(tail.length)) + tail;
}

const starts = new Map<number, (result: SharedResult) => string>();

function startOfFrame(tailLength: number): (result: SharedResult) => string {
  let make = starts.get(tailLength);
  if (make === undefined) {
    make = (result) => {
      const body = NEXT + result.form('bytes', ({ json }) => bytesOf(json));
      // through a buffer, so that what thousands of frames begin with is one flat string
      return Buffer.from(frameHead(body.length + tailLength) + body, 'latin1').toString('latin1');
    };
    // ids have few lengths, and a client's own must not fill memory
    if (starts.size < 256) starts.set(tailLength, make);
  }
  return make;
}
