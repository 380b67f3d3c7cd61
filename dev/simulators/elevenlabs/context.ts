import type { Outcome, Speech } from '../voice/ledger.ts';
import type { Settings, SpeechFault } from '../voice/settings.ts';
import type { Timed } from '../voice/speaker.ts';
import { openSynthesis } from '../voice/synthesis.ts';
import type { Synthesis, SynthesisEvent } from '../voice/synthesis.ts';
import { spell } from './spelling.ts';
import { audio, final } from './messages.ts';

/** One context of a connection. */
export interface Context {
  say(text: string, flush: boolean): void;
  /** No more text; what was flushed is still spoken. */
  close(): void;
  /** Its connection is gone. */
  lose(): void;
}

/** How a context reaches its client and its owner. */
export interface ContextWire {
  send(message: object | string): void;
  cut(): void;
  fail(code: number, error: string, message: string): void;
  takeFault(text: string): SpeechFault | undefined;
  /** Whether the account has more contexts at work than it may. */
  isCrowded(): boolean;
  ended(outcome: Exclude<Outcome, 'open'>): void;
}

/** What a context is opened with. */
export interface ContextInput {
  readonly speech: Speech;
  readonly settings: Settings;
  readonly sampleRate: number;
  /** Whether whole sentences are spoken at once. */
  readonly autoMode: boolean;
}

/** Without auto mode nothing is spoken before there is so much of it. */
const FIRST_CHUNK_LENGTH = 120;

export function openContext(input: ContextInput, wire: ContextWire): Context {
  const { speech, autoMode } = input;
  let waiting = '';
  let synthesis: Synthesis | undefined;
  let chars: Timed[] = [];
  let closing = false;
  let stalled = false;

  function hear(event: SynthesisEvent): void {
    if (event.type === 'sound') {
      chars.push(...event.words.flatMap(spell));
      const untilMs = event.fromMs + (event.bytes.length * 500) / input.sampleRate;
      const begun = chars.filter(({ fromMs }) => fromMs < untilMs);
      chars = chars.slice(begun.length);
      wire.send(audio(speech.id, event.bytes, event.fromMs, begun));
    } else if (event.type === 'mark') {
      wire.ended('done');
      wire.send(final(speech.id));
    } else suffer(event.kind);
  }
  function suffer(kind: Extract<SynthesisEvent, { type: 'fault' }>['kind']): void {
    if (kind === 'garbage') return wire.send('{"audio":');
    if (kind === 'stall') {
      stalled = true;
      // Only the books know: nothing more is sent.
      if (closing) wire.ended('cancelled');
      return;
    }
    wire.ended('failed');
    if (kind === 'cut') wire.cut();
    else wire.fail(1_011, 'internal_server_error', 'Something went wrong');
  }

  /** The voice, which begins with the context's first text. */
  function voice(): Synthesis | undefined {
    if (synthesis !== undefined) return synthesis;
    const fault = wire.takeFault(speech.text);
    if (fault !== undefined) speech.fault = fault.kind;
    if (wire.isCrowded() || fault?.kind === 'rate-limited') {
      wire.ended('refused');
      wire.fail(1_008, 'quota_exceeded', 'This request exceeds your quota');
      return undefined;
    }
    synthesis = openSynthesis({ ...input, fault }, hear);
    return synthesis;
  }

  return {
    say(text, flush) {
      speech.text += text;
      waiting += text;
      const isWhole = autoMode && /[.!?。！？]\s*$/u.test(waiting);
      if (!flush && !isWhole && waiting.length < FIRST_CHUNK_LENGTH) return;
      if (waiting.trim() !== '') voice()?.say(waiting);
      waiting = '';
    },
    close() {
      closing = true;
      if (stalled) return wire.ended('cancelled');
      if (synthesis !== undefined) return synthesis.mark('end');
      wire.ended('done');
      wire.send(final(speech.id));
    },
    lose() {
      synthesis?.end();
      wire.ended('lost');
    },
  };
}
