import type { Config } from '../config.ts';
import type { TalkSettings } from '../room/talk.ts';

/** The rules of talks, as they are configured. */
export function talkSettings(config: Config, model: string): TalkSettings {
  return {
    conversation: {
      idleTimeoutMs: config.IDLE_TIMEOUT_MS,
      departureGraceMs: config.DEPARTURE_GRACE_MS,
      leaveWhen: config.LEAVE_WHEN,
      chatSettleMs: config.CHAT_SETTLE_MS,
      newTurnWhileReplying: config.NEW_TURN_WHILE_REPLYING,
      linkLostWhileReplying: 'wait',
      maxPending: 32,
      followUpMs: 10_000,
      handoverReplyMs: 5_000,
      speech: {
        minSilenceMs: config.ENDPOINT_MIN_MS,
        maxSilenceMs: config.ENDPOINT_MAX_MS,
        finalWaitMs: config.STT_FINAL_WAIT_MS,
        maxSpeechMs: 60_000,
        holdMs: 2_000,
        yieldMs: 3_000,
        echoGuardMs: 3_000,
        strangerWords: 4,
        draftsPerTurn: config.DRAFTS_PER_TURN,
      },
    },
    reply: {
      model,
      maxTokens: config.LLM_MAX_TOKENS,
      // No model's token is longer on average: this bounds those that ignore `maxTokens`.
      maxCharacters: config.LLM_MAX_TOKENS * 8,
      contextTokens: config.CONTEXT_TOKENS,
      firstTokenTimeoutMs: config.LLM_FIRST_TOKEN_TIMEOUT_MS,
      tokenGapTimeoutMs: config.LLM_TOKEN_GAP_TIMEOUT_MS,
      attempts: 3,
    },
    pathMs: config.PLAYOUT_PATH_MS,
    ears: {
      threshold: config.VAD_THRESHOLD,
      minSpeechMs: config.VAD_MIN_SPEECH_MS,
      minPauseMs: config.VAD_MIN_PAUSE_MS,
      sustainedMs: config.MIN_INTERRUPTION_MS,
      minConfidence: config.STT_MIN_CONFIDENCE,
    },
    defaultMode: config.AUDIO_ENABLED ? 'voice' : 'text',
  };
}
