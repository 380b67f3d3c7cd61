#!/usr/bin/env python3
"""Makes recordings/ and catalog.json from script.json.

Needs Debian's espeak-ng (libespeak-ng.so.1, which tells word times) and sox. It was run once; what it
made is kept in the repository, so nobody who runs Troupe needs either.
"""

import array
import ctypes
import json
import math
import pathlib
import subprocess
import tempfile
import wave

HERE = pathlib.Path(__file__).parent
RECORDINGS = HERE / "recordings"
RATE = 16_000
EDGE_MS = 40
SPEECH_DB = -21.0
SILENT = 90


def main():
    script = json.loads((HERE / "script.json").read_text())
    RECORDINGS.mkdir(exist_ok=True)
    for old in RECORDINGS.glob("*.wav"):
        old.unlink()
    speak = open_espeak()
    catalog = []
    for line in script["lines"]:
        for voice in line["voices"]:
            name = f"{line['id']}-{voice}"
            settings = script["voices"][voice]
            pcm, words = say(speak, settings, line)
            joiner = "" if settings["language"] == "ja" else " "
            catalog.append(
                {
                    "id": name,
                    "file": write(name, pcm),
                    "kind": line.get("kind", "speech"),
                    "language": settings["language"],
                    "voice": voice,
                    "text": joiner.join(word["text"] for word in words),
                    "words": words,
                    "loudnessDb": loudness(pcm),
                }
            )
    for noise in script["noises"]:
        pcm = level(sox_noise(noise["sox"]), noise["level"])
        catalog.append(
            {
                "id": noise["id"],
                "file": write(noise["id"], pcm),
                "kind": "noise",
                "language": None,
                "voice": None,
                "text": "",
                "words": [],
                "loudnessDb": loudness(pcm),
            }
        )
    rows = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in catalog)
    (HERE / "catalog.json").write_text(f"[\n{rows}\n]\n")


def say(speak, voice, line):
    """The parts of a line one after the other, with the pauses between them, and its words' times."""
    pcm = array.array("h", bytes(2 * samples(EDGE_MS)))
    words = []
    for part in parts_of(line):
        if isinstance(part, int):
            pcm.extend(array.array("h", bytes(2 * samples(part))))
            continue
        sound, starts = speak(voice, " ".join(spoken for _, spoken in part))
        first, last = voiced_span(sound)
        offset = len(pcm) - first
        times = [max(first, samples(start)) for start in word_starts(part, starts)] + [last]
        for (text, _), begin, end in zip(part, times, times[1:]):
            end = begin + voiced_span(sound[begin:end])[1]
            words.append({"text": text, "fromMs": ms(offset + begin), "toMs": ms(offset + end)})
        pcm.extend(sound[first:last])
    pcm.extend(array.array("h", bytes(2 * samples(EDGE_MS))))
    return level(pcm, SPEECH_DB), words


def parts_of(line):
    """Runs of (written, spoken) words, and pauses in ms."""
    if "say" in line:
        return [p if isinstance(p, int) else [(w, w) for w in p.split()] for p in line["say"]]
    parts = [[]]
    for item in line["words"]:
        if isinstance(item, int):
            parts += [item, []]
        else:
            parts[-1].append(tuple(item))
    return parts


def word_starts(part, starts):
    """espeak joins small words into one event: those it leaves out share the time by their length."""
    known = []
    position = 1
    for index, (_, spoken) in enumerate(part):
        inside = [at for at, place in starts if position <= place < position + len(spoken)]
        if inside:
            known.append((index, inside[0]))
        position += len(spoken) + 1
    times = dict(known)
    end = starts[-1][0]
    for (index, at), (following, until) in zip(known, known[1:] + [(len(part), end)]):
        lengths = [len(spoken) for _, spoken in part[index:following]]
        for word in range(index + 1, following):
            share = sum(lengths[: word - index]) / sum(lengths)
            times[word] = at + (until - at) * share
    return [times[index] for index in range(len(part))]


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


WORD, END = 1, 5
RETRIEVAL, UTF8, PHONEMES = 1, 1, 0x100
SPEED, PITCH = 1, 3
CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
)


def open_espeak():
    """speak(voice, text) -> 16 kHz samples and (ms, character position from 1) of each word."""
    library = ctypes.CDLL("libespeak-ng.so.1")
    native_rate = library.espeak_Initialize(RETRIEVAL, 0, None, 0)
    sound = array.array("h")
    starts = []

    @CALLBACK
    def take(samples_in, count, events):
        if samples_in:
            sound.extend(samples_in[:count])
        index = 0
        while events[index].type != 0:
            event = events[index]
            if event.type in (WORD, END):
                place = event.text_position if event.type == WORD else 10_000
                starts.append((event.audio_position, place))
            index += 1
        return 0

    library.espeak_SetSynthCallback(take)

    def speak(voice, text):
        del sound[:], starts[:]
        library.espeak_SetVoiceByName(voice["espeak"].encode())
        library.espeak_SetParameter(SPEED, voice["rate"], 0)
        library.espeak_SetParameter(PITCH, voice["pitch"], 0)
        data = text.encode() + b"\0"
        library.espeak_Synth(data, len(data), 0, 1, 0, UTF8 | PHONEMES, None, None)
        library.espeak_Synchronize()
        return resample(sound, native_rate), list(starts)

    # ctypes keeps no reference to a callback that C holds.
    speak.callback = take
    return speak


def resample(pcm, rate):
    command = ["sox", "-D", *raw(rate), "-", *raw(RATE), "-", "gain", "-3", "rate", "-v"]
    done = subprocess.run(command, input=pcm.tobytes(), capture_output=True, check=True)
    return array.array("h", done.stdout)


def sox_noise(effects):
    with tempfile.NamedTemporaryFile(suffix=".raw") as file:
        command = ["sox", "-R", "-D", "-n", *raw(RATE), file.name, *effects.split()]
        subprocess.run(command, check=True, capture_output=True)
        return array.array("h", pathlib.Path(file.name).read_bytes())


def raw(rate):
    return ["-t", "raw", "-r", str(rate), "-e", "signed", "-b", "16", "-c", "1"]


def voiced_span(pcm):
    """Where the sound begins and ends: a word's pause behind it is no part of the word."""
    loud = [index for index, sample in enumerate(pcm) if abs(sample) > SILENT]
    return loud[0], loud[-1] + 1


def level(pcm, target_db):
    """The same sound at this loudness, or as near to it as no sample clips."""
    wanted = 10 ** ((target_db - loudness(pcm)) / 20)
    gain = min(wanted, 32_000 / max(abs(sample) for sample in pcm))
    return array.array("h", (round(sample * gain) for sample in pcm))


def loudness(pcm):
    """RMS of the parts that sound, in dB of full scale."""
    window = samples(20)
    powers = [
        sum(sample * sample for sample in pcm[at : at + window]) / window
        for at in range(0, len(pcm) - window + 1, window)
    ]
    threshold = max(powers) / 1_000
    sounding = [power for power in powers if power > threshold]
    return round(10 * math.log10(sum(sounding) / len(sounding) / 32_768**2), 1)


def samples(duration_ms):
    return round(duration_ms * RATE / 1_000)


def ms(count):
    return round(count * 1_000 / RATE)


def write(name, pcm):
    file = f"recordings/{name}.wav"
    with wave.open(str(HERE / file), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(pcm.tobytes())
    return file


if __name__ == "__main__":
    main()
