import { expect, it } from 'vitest';
import { openScope } from '../../src/lib/scope.ts';
import type { LlmMessage, LlmRequest } from '../../src/ports/llm.ts';
import type { ProviderCall } from '../../src/ports/meter.ts';
import { meteredLlm } from '../../src/resilience/metered-llm.ts';
import { meteredStt } from '../../src/resilience/metered-stt.ts';
import { meteredTts } from '../../src/resilience/metered-tts.ts';
import { llmError, makeFakeLlm } from '../support/fake-llm.ts';
import type { FakeCompletion } from '../support/fake-llm.ts';
import { makeFakeSpeechToText } from '../support/fake-speech-to-text.ts';
import { makeFakeTextToSpeech, ttsError } from '../support/fake-text-to-speech.ts';
import { openHandClock } from '../support/hand-clock.ts';

const live = new AbortController().signal;

it('tells the tokens of a completion as the provider billed them', async () => {
  const { calls, complete } = openModel((one) => {
    one.say('Hello ', 'there.');
    one.finish('stop', { promptTokens: 17, completionTokens: 4, cost: 0.001 });
  });
  await complete();
  expect(calls).toEqual([
    {
      kind: 'llm',
      provider: 'openai',
      model: 'gpt-4.1-mini',
      outcome: 'done',
      promptTokens: 17,
      completionTokens: 4,
      cost: 0.001,
      startedAt: expect.any(Number),
      firstMs: 0,
      tookMs: 0,
    },
  ]);
});

it('tells a cut completion at once, with an estimate, though its stream never ends', async () => {
  const { calls, complete, clock } = openModel((one) => one.say('x'.repeat(40)));
  const scope = openScope();
  for await (const _event of complete.stream(scope.signal)) {
    clock.pass(30);
    scope[Symbol.dispose]();
    expect(calls).toMatchObject([
      { outcome: 'cancelled', promptTokens: 1, completionTokens: 40, estimated: true, tookMs: 30 },
    ]);
  }
  expect(calls).toHaveLength(1);
});

it('tells what failed and why; what was refused before its first token is free', async () => {
  const { calls, complete } = openModel((one) => one.fail(llmError('quota')));
  await expect(complete()).rejects.toThrow('quota');
  expect(calls).toMatchObject([{ outcome: 'failed', errorKind: 'quota' }]);
  expect(calls[0]).not.toHaveProperty('promptTokens');
});

it('takes a watchdog’s abort for a failure of the provider', async () => {
  const { calls, complete } = openModel();
  const scope = openScope();
  const ended = complete(scope.signal);
  scope.end(llmError('timeout'));
  await ended;
  expect(calls).toMatchObject([{ outcome: 'failed', errorKind: 'timeout' }]);
});

it('tells characters and sound of a speech', async () => {
  const { calls, speak } = openVoice();
  const pcm = await speak(['One ', 'two.']);
  expect(calls).toMatchObject([
    { kind: 'tts', provider: 'fake', voice: 'v', outcome: 'done', characters: 8 },
  ]);
  expect(calls[0]?.audioMs).toBe(pcm / 24);
  expect(pcm).toBeGreaterThan(0);
});

it('tells a speech that failed', async () => {
  const { calls, speak, tts } = openVoice();
  tts.befall({ failsAfter: 0, error: ttsError('unavailable') });
  await expect(speak(['One.'])).rejects.toThrow('unavailable');
  expect(calls).toMatchObject([{ kind: 'tts', outcome: 'failed', errorKind: 'unavailable' }]);
});

it('tells the sound of a transcription each minute, and the rest at its end', () => {
  const calls: ProviderCall[] = [];
  const clock = openHandClock();
  const opened = clock.wallMs();
  const stt = meteredStt(clock, makeFakeSpeechToText());
  const meter = (call: ProviderCall): void => void calls.push(call);
  const stream = stt.open({ language: 'en', meter }, () => undefined);
  for (let second = 0; second < 61; second += 1) {
    clock.pass(1_000);
    stream.push(new Int16Array(16_000));
  }
  expect(calls).toMatchObject([
    { outcome: 'ongoing', audioMs: 60_000, startedAt: opened, tookMs: 60_000 },
  ]);
  stream[Symbol.dispose]();
  expect(calls[1]).toMatchObject({
    kind: 'stt',
    provider: 'fake',
    outcome: 'done',
    audioMs: 1_000,
    startedAt: opened + 60_000,
    tookMs: 1_000,
  });
  expect(calls).toHaveLength(2);
});

it('tells the sound so far when the last words are asked for: the process may end before they come', () => {
  const calls: ProviderCall[] = [];
  const stt = meteredStt(openHandClock(), makeFakeSpeechToText());
  const meter = (call: ProviderCall): void => void calls.push(call);
  const stream = stt.open({ language: 'en', meter }, () => undefined);
  stream.flush();
  stream.push(new Int16Array(8_000));
  stream.flush();
  expect(calls).toMatchObject([{ outcome: 'ongoing', audioMs: 500 }]);
  stream[Symbol.dispose]();
  expect(calls[1]).toMatchObject({ outcome: 'done', audioMs: 0 });
});

it('tells a transcription that broke', async () => {
  const calls: ProviderCall[] = [];
  const fake = makeFakeSpeechToText();
  const ended = new Promise<void>((resolve) => {
    const meter = (call: ProviderCall): void => void calls.push(call);
    const stream = meteredStt(openHandClock(), fake).open({ language: 'en', meter }, ({ type }) => {
      if (type === 'ended') resolve();
    });
    stream.push(new Int16Array(1_600));
    fake.streams[0]?.fail(ttsError('unavailable'));
  });
  await ended;
  expect(calls).toMatchObject([{ outcome: 'failed', errorKind: 'unavailable', audioMs: 100 }]);
});

/** A metered model that answers by `script`; a token a character. */
function openModel(script?: (completion: FakeCompletion) => void) {
  const clock = openHandClock();
  const calls: ProviderCall[] = [];
  const estimateUsage = (prompt: readonly LlmMessage[], text: string) => ({
    promptTokens: prompt.map(({ content }) => content).join('').length,
    completionTokens: text.length,
  });
  const llm = meteredLlm({ clock, estimateUsage }, makeFakeLlm(script));
  const request: LlmRequest = {
    model: 'gpt-4.1-mini',
    messages: [{ role: 'user', content: '?' }],
    maxTokens: 9,
    meter: (call) => void calls.push(call),
  };
  const stream = (signal = live) => llm.stream(request, signal);
  const complete = async (signal = live): Promise<void> => {
    for await (const _event of stream(signal));
  };
  return { clock, calls, complete: Object.assign(complete, { stream }) };
}

function openVoice() {
  const calls: ProviderCall[] = [];
  const tts = makeFakeTextToSpeech();
  const metered = meteredTts(openHandClock(), tts);
  const speak = async (pieces: readonly string[]): Promise<number> => {
    const meter = (call: ProviderCall): void => void calls.push(call);
    const request = { voice: 'v', language: 'en', meter };
    let samples = 0;
    for await (const event of metered.speak(request, told(pieces), live)) {
      if (event.type === 'audio') samples += event.pcm.length;
    }
    return samples;
  };
  return { calls, speak, tts };
}

async function* told(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}
