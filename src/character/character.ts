/** Who a bot is, as its row says; only id, name and prompt must exist. */
export interface Character {
  readonly id: string;
  readonly name: string;
  /** The system prompt (column `description`). */
  readonly prompt: string;
  /** BCP 47; default `en`. Chooses fixed lines, and what it is heard and spoken in. */
  readonly language: string;
  /** Column `language` is `auto`: it finds out what language it hears, and speaks `language`. */
  readonly detectsLanguage?: boolean | undefined;
  /** The model's name at the LLM provider; absent: the configured default. */
  readonly model?: string | undefined;
  /** Said once after the joined line. */
  readonly greeting?: string | undefined;
  /** How it talks where the message that asks for it says nothing; absent: the configured default. */
  readonly mode?: 'text' | 'voice' | undefined;
  /** Id of its voice at its text-to-speech provider; absent: that provider's default here. */
  readonly voice?: string | undefined;
  /** Whom it hears and speaks with; absent: the first provider that is configured. */
  readonly stt?: 'gladia' | 'deepgram' | undefined;
  readonly tts?: 'cartesia' | 'elevenlabs' | undefined;
  readonly addressing: Addressing;
  /** Whether its talks are recorded where the session does not say; default false. */
  readonly record?: boolean | undefined;
}

/** When the character answers in a room with several others. */
export interface Addressing {
  /**
   * - `auto`: alone with one human, when named, or on one of `phrases`
   * - `always`: every human turn
   * - `named`: only when named or on one of `phrases`
   */
  readonly rule: 'auto' | 'always' | 'named';
  /** Further names it listens to, beside its own. */
  readonly names: readonly string[];
  /** Words or phrases that ask for it, whoever says them: `assistant`, `does anybody know`. */
  readonly phrases: readonly string[];
}
