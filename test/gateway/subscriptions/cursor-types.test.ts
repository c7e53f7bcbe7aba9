import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { LIVE_LINK } from '../server/small-province.js';

const build = (argument: string, field: string, start: string) => {
  const typeDefs = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
    ${LIVE_LINK}
    scalar Position
    type Query { head: ${start} }
    type Subscription { events(after: ${argument}): Event! @eventCursor(start: "head") }
    type Event { cursor: ${field} }`);
  const { supergraphSdl: sdl = '' } = composeServices([{ name: 'feed', url: 'http://feed.invalid/graphql', typeDefs }]);
  return Generation.build({ version: '1', sdl, departments: [] });
};

test.for([
  ['String', 'String!', 'ID'],
  ['Position', 'Position!', 'Position!'],
])('cursors may be texts: %s', ([argument, field, start]) => {
  expect(build(argument as string, field as string, start as string).version).toBe('1');
});

test.for([
  ['Int', 'String!', 'String', 'argument Subscription.events(after:), which @eventCursor names, is no text'],
  ['String', 'Int!', 'String', 'field Event.cursor, which @eventCursor names, is no text'],
  ['String', '[String!]!', 'String', 'field Event.cursor, which @eventCursor names, is no text'],
  ['String', 'String!', 'Float', 'the query field head, which @eventCursor of Subscription.events names, is no text'],
])('a supergraph with cursors that are none (%s, %s, %s) is refused', ([argument, field, start, problem]) => {
  expect(() => build(argument as string, field as string, start as string)).toThrow(problem);
});
