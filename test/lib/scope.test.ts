import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { openScope, ScopeEnded } from '../../src/lib/scope.ts';

it('ends once, with the first reason', () => {
  const scope = openScope();
  scope.end(new Error('first'));
  scope.end(new Error('second'));
  scope[Symbol.dispose]();
  expect(scope.signal.reason).toEqual(new Error('first'));
});

it('ends with its parent, for the same reason', () => {
  const parent = new AbortController();
  const scope = openScope(parent.signal);
  parent.abort(new Error('gone'));
  expect(scope.signal.reason).toBe(parent.signal.reason);
  expect(openScope(parent.signal).signal.reason).toBe(parent.signal.reason);
});

it('leaves its parent alone, and nothing on it', () => {
  const parent = new AbortController();
  for (let count = 0; count < 100; count += 1) {
    using scope = openScope(parent.signal);
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
    if (count % 2 === 0) scope.end(new Error('done'));
  }
  expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
  expect(parent.signal.aborted).toBe(false);
});

it('ends in the ordinary way when it is disposed', () => {
  const scope = openScope();
  scope[Symbol.dispose]();
  expect(scope.signal.reason).toBeInstanceOf(ScopeEnded);
});
