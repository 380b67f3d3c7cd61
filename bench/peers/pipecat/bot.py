"""Pipecat bots that do what Troupe's bots do in the same bench.

Chat in, the model, text out; or microphone in, Pipecat's own Silero, the model, voice out. The model is
the bench's simulator behind the official OpenAI service; hearing and speaking are stubs in the process
that take as long as the simulators do and cost less. Each line of stdin, `{"room": ..., "token": ...}`,
brings one bot into its room; it ends when its visitor leaves, and the process when it has no bot left and
stdin is at its end.
"""

import asyncio
import json
import os
import sys

from livekit import rtc
from loguru import logger
from pipecat.frames.frames import (
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMMessagesAppendFrame,
    LLMTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.transports.livekit.transport import LiveKitParams, LiveKitTransport
from pipecat.workers.runner import WorkerRunner

IS_VOICE = os.environ["PEER_MODE"] == "voice"
if IS_VOICE:  # Rooms of text do not pay for the loading of it.
    from voice import StubSTT, StubTTS, make_voice_params
CHAT = "lk.chat"


async def main():
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    connect_without_stun()
    bots = []
    async for line in read_lines():
        errand = json.loads(line)
        bots.append(asyncio.create_task(run_bot(errand["room"], errand["token"])))
    await asyncio.gather(*bots)


async def read_lines():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield line


async def run_bot(room, token):
    transport = LiveKitTransport(
        url=os.environ["LIVEKIT_URL"],
        token=token,
        room_name=room,
        params=LiveKitParams(audio_in_enabled=IS_VOICE, audio_out_enabled=IS_VOICE),
    )
    worker = PipelineWorker(make_pipeline(transport, room), idle_timeout_secs=None)
    take_chat(transport, worker)

    @transport.event_handler("on_first_participant_joined")
    async def on_first_participant_joined(transport, participant_id):
        tell("ready", room)

    @transport.event_handler("on_participant_disconnected")
    async def on_participant_disconnected(transport, participant_id):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()
    tell("gone", room)


def make_pipeline(transport, room):
    context = LLMContext([{"role": "system", "content": f"You are Mira, host of the room {room}."}])
    llm = OpenAILLMService(
        api_key=os.environ["PEER_LLM_KEY"],
        base_url=os.environ["PEER_LLM_URL"],
        settings=OpenAILLMService.Settings(model=os.environ["PEER_LLM_MODEL"]),
    )
    pair = LLMContextAggregatorPair(
        context, user_params=make_voice_params() if IS_VOICE else None
    )
    ears = [StubSTT()] if IS_VOICE else []
    mouth = StubTTS() if IS_VOICE else ChatOut(transport)
    return Pipeline(
        [transport.input(), *ears, pair.user(), llm, mouth, transport.output(), pair.assistant()]
    )


def take_chat(transport, worker):
    """Pipecat's transport takes data packets alone; LiveKit's chat is a text stream."""

    async def answer(reader):
        message = {"role": "user", "content": await reader.read_all()}
        await worker.queue_frame(LLMMessagesAppendFrame(messages=[message], run_llm=True))

    @transport.event_handler("on_connected")
    async def on_connected(transport):
        transport.input()._client.room.register_text_stream_handler(
            CHAT, lambda reader, _: asyncio.ensure_future(answer(reader))
        )


class ChatOut(FrameProcessor):
    """Sends each token of an answer as it comes: one text stream an answer."""

    def __init__(self, transport):
        super().__init__()
        self._transport = transport
        self._writer = None

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMFullResponseStartFrame):
            room = self._transport.input()._client.room
            self._writer = await room.local_participant.stream_text(topic=CHAT)
        elif isinstance(frame, LLMTextFrame):
            await self._writer.write(frame.text)
        elif isinstance(frame, LLMFullResponseEndFrame):
            await self._writer.aclose()
        await self.push_frame(frame, direction)


def connect_without_stun():
    """There is no STUN server on loopback: to go on looking for one is no cost of a bot."""
    connect = rtc.Room.connect

    async def connect_once(room, url, token, options):
        options.rtc_config = rtc.RtcConfiguration(
            continual_gathering_policy=rtc.ContinualGatheringPolicy.GATHER_ONCE, ice_servers=[]
        )
        await connect(room, url, token, options)

    rtc.Room.connect = connect_once


def tell(what, room):
    print(json.dumps({"what": what, "room": room}), flush=True)


asyncio.run(main())
