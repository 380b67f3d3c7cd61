import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { botIdentity } from '../../src/adapters/livekit/token.ts';
import { makeSupabase } from '../../src/adapters/supabase/client.ts';
import { makeDirectory } from '../../src/adapters/supabase/directory.ts';
import { makeLeaseTable } from '../../src/adapters/supabase/lease-table.ts';
import { makeMemoryStore } from '../../src/adapters/supabase/memory-store.ts';
import { sessionRequest } from '../../src/gateway/api.ts';
import type { EventBody, Person } from '../../src/conversation/events.ts';
import { listen } from '../../src/room/ears.ts';
import type { PlaceEvent } from '../../src/room/kept-link.ts';
import { groupIdOf, parseActivation, startMessage } from '../../src/worker/activation.ts';
import { HOSTILE_TEXTS } from '../properties/hostile.ts';
import { useDatabase } from '../support/stack.ts';

const database = useDatabase();
const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
const named = HOSTILE_TEXTS.map((text) => [JSON.stringify(text).slice(0, 40), text] as const);

describe('a room and a session in a message', () => {
  it.each(named)(
    '%s is refused, or is nothing but a name on the way to the database',
    async (_what, text) => {
      const { body } = startMessage({ room: text, session: text }, randomUUID());
      const parsed = parseActivation(body);
      if (!parsed.ok) {
        expect(isPlain(text) && text !== '' && text.length <= 512).toBe(false);
        return;
      }
      const { room, session } = parsed.activation;
      expect([room, session]).toEqual([text, text]);
      expect(groupIdOf(room)).toMatch(/^[!-~]{1,128}$/);
      expect(Buffer.byteLength(botIdentity(room))).toBeLessThanOrEqual(256);

      const supabase = makeSupabase(database());
      const request = { room, session, messageId: randomUUID(), receiveCount: 1, requestedAt: 1 };
      const lease = await makeLeaseTable(supabase).acquire({
        ...request,
        deferrals: 0,
        worker: 'w',
      });
      expect(lease).toMatchObject({ granted: true, epoch: 1 });
      const memory = makeMemoryStore(supabase);
      const message = { role: 'summary', id: text, text, at: 1 } as const;
      const save = { room, session, epoch: 1, version: 1, messages: [message], turns: [] };
      expect(await memory.save(save)).toBe('written');
      expect(await memory.load(session)).toEqual({ version: 1, messages: [message] });
      expect(await makeDirectory(supabase).loadSession(session)).toBeUndefined();
      expect(await makeDirectory(supabase).loadCharacter(text)).toBeUndefined();
      const rows = await database().sql('select room from leases where room = $1', [text]);
      expect(rows).toEqual([{ room: text }]);
    },
  );
});

describe('a name and a line from the room', () => {
  it.each(named)(
    '%s reaches prompt and memory as one plain line within its bound',
    (_what, text) => {
      const posted: EventBody[] = [];
      const tell: ((event: PlaceEvent) => void)[] = [];
      const person: Person = { identity: 'guest-1', name: text, kind: 'human' };
      const link = {
        people: () => [person],
        listen: (listener: (event: PlaceEvent) => void) => void tell.push(listener),
      };
      const nothing = (): void => undefined;
      listen({ newId: () => 'id', observe: nothing }, link, {
        post: (event) => void posted.push(event),
        gone: nothing,
        modeAsked: nothing,
      });
      tell[0]!({ type: 'chat-received', wire: 'text-stream', id: text, person, text });
      for (const event of posted) {
        if (!('person' in event)) continue;
        expect(isPlain(event.person.name)).toBe(true);
        expect(event.person.name.length).toBeGreaterThan(0);
        expect(event.person.name.length).toBeLessThanOrEqual(64);
        if (event.type !== 'chat-received') continue;
        expect(isPlain(event.text.replaceAll('\n', ''))).toBe(true);
        expect(event.text.length).toBeLessThanOrEqual(4_000);
        expect(event.id).toMatch(/^guest-1\//);
        expect(event.id.length).toBeLessThanOrEqual(140);
      }
      expect(posted.length).toBeGreaterThan(0);
    },
  );
});

describe('a name from a page', () => {
  it.each(named)('%s is plain within its bound, or refused', (_what, text) => {
    const read = sessionRequest.safeParse({ characterId: 'c', name: text });
    const trimmed = text.trim();
    expect(read.success).toBe(isPlain(trimmed) && trimmed !== '' && trimmed.length <= 64);
    if (read.success) expect(read.data.name).toBe(trimmed);
  });
});
