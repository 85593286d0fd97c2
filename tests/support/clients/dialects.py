"""How huggingface_hub asks each provider for JSON of a schema. Reads a response_format in OpenAI's form, prints {provider: form}."""

import json
import sys

from huggingface_hub.hf_api import InferenceProviderMapping
from huggingface_hub.inference._providers import get_provider_helper


def form(provider, response_format):
    helper = get_provider_helper(provider, task="conversational", model="org/model")
    mapping = InferenceProviderMapping(provider=provider, providerId="org/model", hf_model_id="org/model", task="conversational", status="live")
    messages = [{"role": "user", "content": "Hello"}]
    parameters = {"model": "org/model", "response_format": response_format}
    return helper._prepare_payload_as_dict(messages, parameters, mapping)["response_format"]


given = json.load(sys.stdin)
print(json.dumps({provider: form(provider, given) for provider in ("groq", "together", "fireworks-ai", "hf-inference")}))
