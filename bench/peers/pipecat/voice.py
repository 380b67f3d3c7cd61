"""What a bot needs to hear and to speak: how turns are taken, by Pipecat; providers, by stubs."""

import asyncio

import numpy as np
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TranscriptionFrame, TTSAudioRawFrame
from pipecat.processors.aggregators.llm_response_universal import LLMUserAggregatorParams
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.turns.user_start import VADUserTurnStartStrategy
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601

FINAL_AFTER_MS = 250
LOUD = 200  # RMS; as the bench's visitors judge a bot's voice
FIRST_BYTE_S = 0.09
LETTER_MS = 60


def make_voice_params():
    return LLMUserAggregatorParams(
        vad_analyzer=SileroVADAnalyzer(),
        user_turn_strategies=UserTurnStrategies(
            start=[VADUserTurnStartStrategy()],
            stop=[SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.1)],
        ),
    )


class StubSTT(STTService):
    """Hears that somebody spoke, not what: the final comes 250 ms of audio after the last loud frame."""

    def __init__(self):
        super().__init__(
            ttfs_p99_latency=FINAL_AFTER_MS / 1000, settings=STTSettings(model=None, language=None)
        )
        self._quiet_ms = float("inf")

    async def run_stt(self, audio):
        before = self._quiet_ms
        pcm = np.frombuffer(audio, dtype=np.int16).astype(np.float32)
        is_loud = np.sqrt(np.mean(pcm * pcm)) > LOUD
        self._quiet_ms = 0 if is_loud else before + len(pcm) * 1000 / self.sample_rate
        if before < FINAL_AFTER_MS <= self._quiet_ms:
            yield TranscriptionFrame("Can you do that?", "", time_now_iso8601(), finalized=True)
        else:
            yield None


class StubTTS(TTSService):
    """Speaks a tone as long as the text, its first byte 90 ms after the sentence and the rest at once."""

    def __init__(self):
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )

    async def run_tts(self, text, context_id):
        await asyncio.sleep(FIRST_BYTE_S)
        length = int(len(text) * LETTER_MS * self.sample_rate / 1000)
        tone = 6000 * np.sin(2 * np.pi * 220 * np.arange(length) / self.sample_rate)
        pcm = tone.astype(np.int16).tobytes()
        yield TTSAudioRawFrame(pcm, self.sample_rate, 1, context_id=context_id)
