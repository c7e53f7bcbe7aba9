import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, print, separateOperations, visit } from 'graphql';

/** Characters. A longer one is cut: it is for people to recognise. */
const TEXT_LIMIT = 16_000;
const NAME_LIMIT = 200;

/** An operation as it is reported: its shape without its literals, which may be about people. */
export interface OperationSignature {
  readonly hash: string;
  readonly name: string;
  readonly text: string;
}

/** Equal for documents that differ in literals, comments and layout only. */
export function operationSignature(document: DocumentNode, operationName: string | undefined): OperationSignature {
  const one = separateOperations(document)[operationName ?? ''] ?? document;
  const bare = visit(one, {
    StringValue: (node) => ({ ...node, value: '', block: false }),
    IntValue: (node) => ({ ...node, value: '0' }),
    FloatValue: (node) => ({ ...node, value: '0' }),
    ListValue: (node) => ({ ...node, values: [] }),
  });
  const text = print(bare);
  const operation = one.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    name: (operation?.name?.value ?? '').slice(0, NAME_LIMIT),
    text: text.slice(0, TEXT_LIMIT),
  };
}
