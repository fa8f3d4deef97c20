"""One gateway with the simulators of all vendors behind it, for all tests of a run."""

import json
from dataclasses import dataclass

from . import sim_bedrock, sim_vertex
from .configs import config, provider
from .fault_bed import EVERYTHING_SAID
from .gateway import Gateway
from .sim_anthropic import SimAnthropic
from .sim_bedrock import SimBedrock
from .sim_gemini import SimGemini
from .sim_google_token import TOKEN, SimGoogle
from .sim_mistral import SimMistral
from .sim_openai import SimOpenai
from .sim_vertex import SimVertex
from .simulator import KEY

CLIENT_KEY = "sk-client-of-all-vendors"


@dataclass(frozen=True)
class Vendor:
    """A provider, and how the names of its models begin. The simulators do what more words of a name say."""

    name: str
    provider: str
    model: str
    embeddings: str = ""
    texts: int = 2  # that one request for embeddings may have

    def __str__(self):
        return self.name

    def ask(self, *words):
        return f"{self.provider}/" + "-".join([self.model, *words])


OPENAI = Vendor("openai", "openai", "gpt-5", "text-embedding-3-small")
ANTHROPIC = Vendor("anthropic", "anthropic", "claude-sonnet-4-5")
GEMINI = Vendor("gemini", "gemini", "gemini-3-flash", "gemini-embedding-001")
NOVA = Vendor("bedrock-nova", "bedrock", "amazon.nova-pro-v1:0", "amazon.titan-embed-text-v2:0", 1)
BEDROCK_CLAUDE = Vendor("bedrock-claude", "bedrock", "us.anthropic.claude-sonnet-4-20250514-v1:0",
                        "cohere.embed-english-v3")
VERTEX_GEMINI = Vendor("vertex-gemini", "vertex", "gemini-2.5-flash")
VERTEX_CLAUDE = Vendor("vertex-claude", "vertex", "claude-sonnet-4-5@20250929")
MISTRAL = Vendor("mistral", "mistral", "mistral-large")  # chat alone, and less of it than OpenAI
VENDORS = (OPENAI, ANTHROPIC, GEMINI, NOVA, BEDROCK_CLAUDE, VERTEX_GEMINI, VERTEX_CLAUDE)
EMBEDDERS = tuple(vendor for vendor in VENDORS if vendor.embeddings)


class Vendors:
    """The simulators by provider, and the gateway, which logs all that it can."""

    def __init__(self, folder):
        self.google = SimGoogle()
        self.sims = {"openai": SimOpenai(), "mistral": SimMistral(), "anthropic": SimAnthropic(),
                     "gemini": SimGemini(), "bedrock": SimBedrock(), "vertex": SimVertex()}
        account = folder / "service-account.json"
        account.write_text(self.google.service_account())
        settings = {
            "openai": provider(self.sims["openai"].url + "/v1", key=KEY),
            "mistral": provider(self.sims["mistral"].url + "/v1", key=KEY),
            "anthropic": provider(self.sims["anthropic"].url + "/v1", key=KEY),
            "gemini": provider(self.sims["gemini"].url, key=KEY),
            "bedrock": provider(self.sims["bedrock"], key=None, region=sim_bedrock.REGION),
            "vertex": provider(self.sims["vertex"].url + "/v1", key=None, project=sim_vertex.PROJECT,
                               location=sim_vertex.LOCATION, credentials_file=str(account)),
        }
        key_id, self.aws_secret, _ = sim_bedrock.KEYS
        self.gateway = Gateway(config(settings, **EVERYTHING_SAID), folder=folder, env={
            "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": self.aws_secret}).wait_ready()

    @property
    def refused(self):
        """What the simulators said no to, and did not have to."""
        return [(name, why) for name, sim in self.sims.items() for why in sim.refused]

    def forget(self):
        for sim in self.sims.values():
            sim.refused.clear()

    def check_clean(self, *texts):
        """None of the secrets that the gateway knows stands in what it printed, counted or answered."""
        private = json.loads(self.google.service_account())["private_key"].splitlines()[1]
        secrets = (KEY, self.aws_secret, TOKEN, private, CLIENT_KEY)
        for text in (self.gateway.output, *texts):
            assert not [secret for secret in secrets if secret in text]

    def stop(self):
        metrics = self.gateway.get("/metrics").text
        code = self.gateway.stop()
        self.check_clean(metrics)
        for sim in (self.google, *self.sims.values()):
            sim.stop()
            assert not sim.upstream.errors, sim.upstream.errors
        assert code == 0 and "Sanitizer" not in self.gateway.stderr, self.gateway.stderr
