"""The official SDKs, Python and Node: one call, and the class of the exception that it raises."""

import fcntl
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import anthropic
import openai

from .gateway import environment

NODE_FOLDER = Path(__file__).resolve().parents[1] / "e2e" / "node"
NONE = "none"
TIMEOUT = 20.0


def node_program():
    """The node program, with the packages of the lock file beside the tests."""
    program = shutil.which("node")
    assert program, "these tests need Node.js 18 or newer"
    lock_file = NODE_FOLDER / "package-lock.json"
    with open(Path(tempfile.gettempdir()) / "butter-e2e-node.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packages = json.loads(lock_file.read_text())["packages"][""]["dependencies"]
        if not all((NODE_FOLDER / "node_modules" / name).exists() for name in packages):
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE_FOLDER, check=True,
                           capture_output=True)
    return program


class PythonSdks:
    """Calls by the Python SDKs, without retries of their own."""

    def __init__(self, url, key):
        options = {"api_key": key, "max_retries": 0, "timeout": TIMEOUT}
        self.openai = openai.OpenAI(base_url=url + "/v1", **options)
        self.anthropic = anthropic.Anthropic(base_url=url, **options)

    def close(self):
        self.openai.close()
        self.anthropic.close()

    def raised(self, dialect, model, stream):
        """The name of the exception's class and its text; NONE and "" when there is none."""
        arguments = {"model": model, **dialect.request, **({"stream": True} if stream else {})}
        try:
            result = self._endpoint(dialect)(**arguments)
            for _ in result if stream else ():
                pass
        except Exception as error:  # noqa: BLE001 - which one it is, is the question
            return type(error).__name__, str(error)
        return NONE, ""

    def _endpoint(self, dialect):
        return {
            "chat": self.openai.chat.completions.create,
            "completions": self.openai.completions.create,
            "responses": self.openai.responses.create,
            "embeddings": self.openai.embeddings.create,
            "messages": self.anthropic.messages.create,
        }[dialect.name]


class NodeSdks:
    """Calls by the Node SDKs, all in one process that is asked line by line."""

    def __init__(self, url, key):
        self.process = subprocess.Popen(
            [node_program(), "sdk_calls.mjs"], cwd=NODE_FOLDER, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
            env=environment({"BASE_URL": url, "API_KEY": key, "TIMEOUT_MS": str(TIMEOUT * 1000)}))

    def close(self):
        self.process.stdin.close()
        self.process.wait(TIMEOUT)
        self.process.stdout.close()

    def raised(self, dialect, model, stream):
        """As PythonSdks.raised."""
        arguments = json.loads(dialect.body(model, stream))
        self.process.stdin.write(json.dumps([dialect.name, arguments]) + "\n")
        self.process.stdin.flush()
        name, text = json.loads(self.process.stdout.readline())
        return name, text
