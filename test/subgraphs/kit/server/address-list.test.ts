import { expect, test } from 'vitest';
import { AddressTurn, addressesOf, socketAddresses } from '../../../../subgraphs/kit/server/address-list.js';

test('a comma separates addresses only where another one follows', () => {
  expect(addressesOf('http://a:1/graphql')).toEqual(['http://a:1/graphql']);
  expect(addressesOf('http://a:1/x,y/graphql')).toEqual(['http://a:1/x,y/graphql']);
  expect(addressesOf('http://a:1/graphql, https://b/graphql')).toEqual(['http://a:1/graphql', 'https://b/graphql']);
});

test('each address has its own for subscriptions', () => {
  expect(socketAddresses('http://a:1/graphql,https://b/graphql')).toBe('ws://a:1/graphql,wss://b/graphql');
});

test('a turn stays until it is told to go on, and comes round', () => {
  const turn = new AddressTurn(0);
  const list = 'http://a/,http://b/';
  expect([turn.of(list), turn.of(list)]).toEqual(['http://a/', 'http://a/']);
  turn.next();
  expect(turn.of(list)).toBe('http://b/');
  turn.next();
  expect(turn.of(list)).toBe('http://a/');
  turn.next();
  expect(turn.of('http://c/')).toBe('http://c/');
});
