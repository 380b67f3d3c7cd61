import type { Outcome, Speech } from '../voice/ledger.ts';
import type { Settings, SpeechFault } from '../voice/settings.ts';
import { openSynthesis } from '../voice/synthesis.ts';
import type { SynthesisEvent } from '../voice/synthesis.ts';
import { chunk, done, failure, flushDone, timestamps } from './messages.ts';
import { fixedPart } from './request.ts';
import type { Generation } from './request.ts';

/** One context of a connection. */
export interface Context {
  /** Another request for it, the one that opened it included. */
  request(request: Generation): void;
  cancel(): void;
  /** Its connection is gone. */
  lose(): void;
}

/** How a context reaches its client and its owner. */
export interface ContextWire {
  send(message: object | string): void;
  cut(): void;
  ended(outcome: Exclude<Outcome, 'open'>): void;
}

/** What a context is opened with; `request` is its first. */
export interface ContextInput {
  readonly speech: Speech;
  readonly fault: SpeechFault | undefined;
  readonly settings: Settings;
  readonly request: Generation;
}

/** A context lives this long after its last sound, unless text follows. */
const LIFE_MS = 1_000;

/** What the server waits for by default before it speaks an unfinished sentence. */
const DEFAULT_BUFFER_MS = 3_000;

export function openContext(input: ContextInput, wire: ContextWire): Context {
  const { speech, fault, settings, request: first } = input;
  const { id } = speech;
  const fixed = fixedPart(first);
  const rate = first.output_format.sample_rate;
  const synthesis = openSynthesis({ speech, fault, settings, sampleRate: rate }, hear);
  let flushId = 1;
  let over = false;
  let closing = false;
  let waiting = '';
  let bufferTimer: NodeJS.Timeout | undefined;
  let lifeTimer: NodeJS.Timeout | undefined;

  function end(outcome: Exclude<Outcome, 'open'>): void {
    over = true;
    clearTimeout(bufferTimer);
    clearTimeout(lifeTimer);
    wire.ended(outcome);
  }
  function finish(outcome: 'done' | 'expired'): void {
    end(outcome);
    wire.send(done(id));
  }
  function fail(status: number, code: string, message: string): void {
    synthesis.end();
    if (!over) end('failed');
    wire.send(failure(status, code, message, id));
  }

  function hear(event: SynthesisEvent): void {
    const place = { contextId: id, flushId };
    if (event.type === 'sound') {
      wire.send(chunk(place, event.bytes));
      if (first.add_timestamps === true && event.words.length > 0) {
        wire.send(timestamps(place, event.words));
      }
      if (!over) live();
    } else if (event.type === 'mark') {
      if (event.mark === 'end') return finish('done');
      wire.send(flushDone(place));
      flushId += 1;
    } else if (event.kind === 'garbage') wire.send('{"type":"chunk","data":');
    else if (event.kind === 'server-error') fail(500, 'internal_error', 'Something went wrong');
    else if (event.kind === 'cut') {
      end('failed');
      wire.cut();
    }
  }

  function live(): void {
    clearTimeout(lifeTimer);
    lifeTimer = setTimeout(() => synthesis.isIdle() && finish('expired'), LIFE_MS);
  }
  /** Speaks what has waited for the rest of its sentence. */
  function speak(): void {
    clearTimeout(bufferTimer);
    if (waiting.trim() !== '') synthesis.say(waiting);
    waiting = '';
  }
  function take(text: string): void {
    speech.text += text;
    waiting += text;
    const delay = first.max_buffer_delay_ms ?? DEFAULT_BUFFER_MS;
    if (delay === 0 || /[.!?。！？]\s*$/u.test(waiting)) return speak();
    clearTimeout(bufferTimer);
    bufferTimer = setTimeout(speak, delay);
  }

  return {
    request(request) {
      if (closing) return fail(400, 'context_closed', 'The context takes no more text');
      if (fixedPart(request) !== fixed) {
        return fail(400, 'context_changed', 'All fields but the transcript must stay the same');
      }
      take(request.transcript);
      if (request.flush === true || request.continue !== true) speak();
      if (request.flush === true) synthesis.mark('flush');
      if (request.continue === true) return;
      closing = true;
      synthesis.mark('end');
    },
    cancel() {
      if (over) return;
      synthesis.stop();
      end('cancelled');
    },
    lose() {
      synthesis.end();
      if (!over) end('lost');
    },
  };
}
