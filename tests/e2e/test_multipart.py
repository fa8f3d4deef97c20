"""Multipart bodies: relayed byte for byte, with the model found inside."""

import pytest

from support.configs import config, openai_config
from support.replies import json_reply

BOUNDARY = "x-boundary-7"
TEXT = {"text": "hello"}


def field(name, value, extra=""):
    return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
            ).encode() + value + b"\r\n"


def form(*fields):
    return b"".join(fields) + f"--{BOUNDARY}--\r\n".encode()


AUDIO = bytes(range(256)) * 64
FILE = field("file", AUDIO, '; filename="a.mp3"\r\nContent-Type: audio/mpeg')
HEADERS = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.mark.parametrize("fields", [(field("model", b"whisper-1"), FILE),
                                    (FILE, field("model", b"whisper-1"))],
                         ids=["model first", "file first"])
def test_transcription_passes_unchanged(serve, fields):
    gateway, upstream = serve(json_reply(TEXT), path="/audio/transcriptions")
    body = form(*fields)
    assert gateway.post("/v1/audio/transcriptions", body, HEADERS).json() == TEXT
    assert upstream.last.body == body
    assert upstream.last.headers["content-type"] == HEADERS["Content-Type"]


@pytest.mark.parametrize("fields", [(field("model", b"whisper-1"), FILE),
                                    (FILE, field("model", b"whisper-1"))],
                         ids=["model first", "file first"])
def test_model_in_the_form_routes(start, make_upstream, fields):
    right = make_upstream(json_reply(TEXT), path="/audio/transcriptions")
    wrong = make_upstream()
    gateway = start(config({"openai": wrong, "groq": right}, default="openai",
                           models={"whisper-1": ["groq"]}))
    response = gateway.post("/v1/audio/transcriptions", form(*fields), HEADERS)
    assert response.headers["x-butter-provider"] == "groq"
    assert (len(right.calls()), wrong.calls()) == (1, [])


def test_text_in_the_file_is_no_model(start, make_upstream):
    right = make_upstream(json_reply(TEXT), path="/audio/transcriptions")
    wrong = make_upstream()
    gateway = start(config({"openai": right, "groq": wrong}, default="openai",
                           models={"trap": ["groq"]}))
    trap = field("file", b'name="model"\r\n\r\ntrap\r\n', '; filename="t"')
    body = form(trap, field("model", b"whisper-1"))
    assert gateway.post("/v1/audio/transcriptions", body, HEADERS).json() == TEXT
    assert wrong.calls() == []


def test_file_upload_without_a_model_goes_to_the_default(serve):
    gateway, upstream = serve(json_reply({"id": "file-1"}), path="/files")
    body = form(field("purpose", b"batch"), FILE)
    assert gateway.post("/v1/files", body, HEADERS).json() == {"id": "file-1"}
    assert upstream.last.body == body


def test_large_upload_passes(start, make_upstream):
    upstream = make_upstream(json_reply({"id": "file-1"}), path="/files")
    gateway = start(openai_config(upstream))
    body = form(field("purpose", b"batch"), field("file", b"\0\r\n--" * (2 << 20),
                                                  '; filename="big"'))
    assert gateway.post("/v1/files", body, HEADERS).status == 200
    assert upstream.last.body == body
    upstream.clear()


def test_binary_answer_passes(serve):
    def speech(exchange):
        exchange.start_stream(content_type="audio/mpeg")
        for start in range(0, len(AUDIO), 1000):
            exchange.chunk(AUDIO[start:start + 1000])
        exchange.end()
    gateway, _ = serve(speech, path="/audio/speech")
    response = gateway.post("/v1/audio/speech", b'{"model":"tts-1","input":"x","voice":"a"}')
    assert response.headers["content-type"] == "audio/mpeg"
    assert response.body == AUDIO
    assert response.complete
