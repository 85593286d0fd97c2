"""Sends every job with an official Python client and prints what the client made of each reply, one JSON line a job.

usage: python send.py openai|hf|anthropic JOBS.jsonl [RETRIES]; jobs and lines are those of send.mjs beside it.
The key and the organisation come from $CLIENT_KEY and $CLIENT_ORG. Eight jobs are under way at once.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

KEY = os.environ.get("CLIENT_KEY", "none")
ORG = os.environ.get("CLIENT_ORG")


def openai(retries):
    from openai import OpenAI

    def send(job):
        client = OpenAI(api_key=KEY, base_url=job["base_url"], max_retries=retries, default_headers={"X-HF-Bill-To": ORG} if ORG else {})
        if "args" not in job:
            return [model.id for model in client.models.list()]
        return client.chat.completions.create(**job["args"], extra_body=job["extra"])

    return send


def hf(retries):
    import httpx2
    from huggingface_hub import InferenceClient

    clients = []  # one that is forgotten closes the stream it gave

    def send(job):
        client = InferenceClient(base_url=job["base_url"], token=KEY, bill_to=ORG)
        clients.append(client)
        args, extra = dict(job["args"]), dict(job["extra"])
        for name in ("max_completion_tokens", "reasoning_effort"):  # no arguments of this client
            if name in args:
                extra[name] = args.pop(name)
        for left in range(retries, -1, -1):  # it does not ask again by itself
            try:
                return client.chat_completion(**args, extra_body=extra)
            except httpx2.TransportError:
                if left == 0:
                    raise

    return send


def anthropic(retries):
    from anthropic import Anthropic

    def send(job):
        client = Anthropic(api_key=KEY, base_url=job["base_url"], max_retries=retries)
        args = dict(job["args"])
        if not args.pop("stream", False):
            return client.messages.create(**args, extra_body=job["extra"])
        with client.messages.stream(**args, extra_body=job["extra"]) as stream:
            deltas = sum(1 for _ in stream.text_stream)
            return message_of(stream.get_final_message()) | {"deltas": deltas}

    return send


def message_of(message):
    """A message of content blocks, in the words of the others. What was read from a cache is part of the prompt."""
    blocks, usage = message.content, message.usage
    prompt = [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens] if usage else []
    return {
        "text": text_of("".join(block.text for block in blocks if block.type == "text")),
        "refusal": None,
        "reasoning": "".join(block.thinking for block in blocks if block.type == "thinking") or None,
        "finish": message.stop_reason,
        "prompt_tokens": sum(n or 0 for n in prompt) if usage else None,
        "completion_tokens": usage.output_tokens if usage else None,
        "tool_calls": sum(1 for block in blocks if block.type == "tool_use"),
        "deltas": None,
    }


def member(value, name):
    """Of a typed object or of a dict; None when it is not there."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def text_of(content):
    """Text in parts joined, half a surrogate pair as U+FFFD: what a person would write down."""
    if isinstance(content, list):
        content = "".join(member(part, "text") or "" for part in content)
    return content and content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def usage_of(usage):
    return {name: member(usage, name) for name in ("prompt_tokens", "completion_tokens")}


def reasoning_of(message):
    return member(message, "reasoning") or member(message, "reasoning_content")


def whole(reply):
    choice = reply.choices[0]
    message = choice.message
    return {
        "text": text_of(message.content),
        "refusal": member(message, "refusal"),
        "reasoning": reasoning_of(message),
        "finish": choice.finish_reason,
        **usage_of(reply.usage),
        "tool_calls": len(member(message, "tool_calls") or []),
        "deltas": None,
    }


def streamed(stream):
    seen = {"text": None, "refusal": None, "reasoning": None, "finish": None, **usage_of(None), "tool_calls": 0, "deltas": 0}
    for chunk in stream:
        if member(chunk, "usage"):
            seen.update(usage_of(chunk.usage))
        for choice in chunk.choices or []:
            delta = choice.delta
            for name, more in (("text", text_of(delta.content)), ("refusal", member(delta, "refusal")), ("reasoning", reasoning_of(delta))):
                if more is not None:
                    seen[name] = (seen[name] or "") + more
            seen["deltas"] += 1 if delta.content else 0
            seen["tool_calls"] += len(member(delta, "tool_calls") or [])
            seen["finish"] = choice.finish_reason or seen["finish"]
    return seen


def outcome(send, job):
    try:
        reply = send(job)
        if isinstance(reply, list):
            return {"models": reply}
        if type(reply) is dict:  # read already
            return reply
        if hasattr(reply, "stop_reason"):
            return message_of(reply)
        return streamed(reply) if job["args"].get("stream") else whole(reply)
    except Exception as error:  # whatever a client raises is what it made of the reply
        response = getattr(error, "response", None)
        status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:200], "status": status}


def main():
    kind, jobs_file, retries = sys.argv[1], sys.argv[2], int((sys.argv[3:] or ["0"])[0])
    send = {"openai": openai, "hf": hf, "anthropic": anthropic}[kind](retries)
    with open(jobs_file, encoding="utf-8") as lines:
        jobs = [json.loads(line) for line in lines]
    with ThreadPoolExecutor(8) as pool:
        for job, seen in zip(jobs, pool.map(lambda j: outcome(send, j), jobs)):
            print(json.dumps({"key": job["key"], **seen}))


main()
