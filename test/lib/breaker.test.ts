import { expect, it } from 'vitest';
import { makeBreaker } from '../../src/lib/breaker.ts';
import { openHandClock } from '../support/hand-clock.ts';

function openBreaker() {
  const clock = openHandClock();
  const breaker = makeBreaker(clock, { failures: 2, pauseMs: 1_000 });
  const failTwice = (): void => {
    breaker.failed();
    breaker.failed();
  };
  return { clock, breaker, failTwice };
}

it('opens after so many failures in a row, and not before', () => {
  const { breaker } = openBreaker();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  expect([breaker.state(), breaker.allows(), breaker.allows()]).toEqual(['closed', true, true]);
  breaker.failed();
  expect([breaker.state(), breaker.allows()]).toEqual(['open', false]);
});

it('lets one probe pass after the pause, which closes it or opens it for another pause', () => {
  const { clock, breaker, failTwice } = openBreaker();
  failTwice();
  clock.pass(999);
  expect(breaker.allows()).toBe(false);
  clock.pass(1);
  expect([breaker.state(), breaker.allows(), breaker.allows()]).toEqual(['half-open', true, false]);
  clock.pass(400);
  expect(breaker.state()).toBe('half-open');
  breaker.failed();
  expect(breaker.state()).toBe('open');
  clock.pass(999);
  expect(breaker.allows()).toBe(false);
  clock.pass(1);
  expect(breaker.allows()).toBe(true);
  breaker.succeeded();
  expect([breaker.state(), breaker.allows(), breaker.allows()]).toEqual(['closed', true, true]);
});

it('does not wait for a probe that never tells', () => {
  const { clock, breaker, failTwice } = openBreaker();
  failTwice();
  clock.pass(1_000);
  expect(breaker.allows()).toBe(true);
  clock.pass(1_000);
  expect(breaker.allows()).toBe(true);
});

it('is not prolonged by calls that were begun before it opened', () => {
  const { clock, breaker, failTwice } = openBreaker();
  failTwice();
  clock.pass(900);
  breaker.failed();
  clock.pass(100);
  expect([breaker.state(), breaker.allows()]).toEqual(['half-open', true]);
});
