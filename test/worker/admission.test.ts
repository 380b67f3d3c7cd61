import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupIdOf, parseActivation } from '../../src/worker/activation.ts';
import { admit } from '../../src/worker/admission.ts';
import type { Admission } from '../../src/worker/admission.ts';

const bodies = fc.oneof(
  fc.json(),
  fc
    .record({
      roomName: fc.constantFrom('lobby', 'a room', '会議'),
      generation: fc.option(fc.nat(3), { nil: undefined }),
      deferrals: fc.nat(3),
    })
    .map((fields) => JSON.stringify(fields)),
);
const groups = fc.constantFrom('lobby', 'constant', groupIdOf('会議'), groupIdOf('a room'));

function decide(body: string, group: string, draining: boolean) {
  const parsed = parseActivation(body);
  const homeGroup = parsed.ok ? groupIdOf(parsed.activation.room) : undefined;
  return { parsed, homeGroup, verdict: admit(parsed, { group, homeGroup }, draining) };
}

describe('admission', () => {
  it('decides by the message alone', () => {
    fc.assert(
      fc.property(bodies, groups, fc.boolean(), (body, group, draining) => {
        const { parsed, homeGroup, verdict } = decide(body, group, draining);
        expect(verdict).toEqual(expected());
        function expected(): Admission {
          if (draining) return { kind: 'draining' };
          if (!parsed.ok) return { kind: 'malformed', reason: parsed.reason };
          const { activation } = parsed;
          const atHome = group === homeGroup || activation.generation !== undefined;
          return { kind: atHome ? 'accept' : 'reroute', activation };
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('accepts what it has rerouted: no message goes in circles', () => {
    fc.assert(
      fc.property(bodies, groups, (body, group) => {
        const { homeGroup, verdict } = decide(body, group, false);
        fc.pre(verdict.kind === 'reroute' && homeGroup !== undefined);
        expect(decide(body, homeGroup ?? '', false).verdict.kind).toBe('accept');
      }),
    );
  });

  it('leaves a successor where its predecessor stood', () => {
    const successor = '{"roomName": "会議", "generation": 1}';
    expect(decide(successor, 'constant', false).verdict.kind).toBe('accept');
  });
});
