#!/bin/sh
# A real model server: llama.cpp serves a tiny model with random weights, and what gauntlet stores is what the official clients
# read from it. The words are noise; requests, images, streams, usage, grammar and errors are real.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
# shellcheck source=../support/clients.sh
. "$(dirname "$0")/../support/clients.sh"
cd "$WORK" || exit 70
llama_server || { skip "gauntlet runs against llama.cpp" "$WHY_NOT"; done_testing; exit 0; }
python=$CLIENTS/llama/venv/bin/python
"$python" "$CLIENT_PROGRAMS/tiny_model.py" model.gguf vision.gguf > model.out 2>&1 || cat model.out
mkfifo hold
LLAMA_KEY=key-of-llama "$python" "$CLIENT_PROGRAMS/llama_server.py" model.gguf vision.gguf < hold > server.out 2> server.err &
SERVERS="$SERVERS $!"
exec 3> hold                     # the server ends with this script
until_true grep -q http server.out || { skip "gauntlet runs against llama.cpp" "the server did not start: $(tail -n 1 server.err)"; done_testing; exit 0; }
URL=$(cat server.out)/v1

# ---- the same samples, whole and streamed, ours and the clients' ----
text_set set 12
cp "$(find "$ROOT/datasets/demo/images" -name '*.png' | sort | head -n 1)" set/picture.png
for i in 1 2 3 4; do
    printf '{"id":"p%d","intent":"i","category":"Pictures","prompt":"What is shown, seen for the %d. time? Ünïcödé.","images":["picture.png"],"extra":{"codeword":"CODEWORD"}}\n' $i $i
done >> set/samples.jsonl
suite_of suite.yaml set
jq -n --arg url "$URL" '{version: 1, store: "run.db", endpoints: [
    (["whole", {}], ["stream", {stream: true}],
     ["schema", {response_format: {type: "json_schema", json_schema: {name: "score", strict: true, schema: {type: "object",
        properties: {score: {type: "integer"}}, required: ["score"], additionalProperties: false}}}}]) as [$name, $more] |
    {name: $name, protocol: "openai-chat", base_url: $url, model: "tiny", api_key: "env:LLAMA_KEY", limits: {max_in_flight: 2},
     params: ({temperature: 0, seed: 7, max_tokens: 40} + $more)}]}' > config.yaml
LLAMA_KEY=key-of-llama run run timeout 120 "$GAUNTLET" run suite.yaml --progress none
exits run 0 "a suite of texts and images runs against llama.cpp"
same "$(sql run.db "SELECT status, count(*) FROM trial GROUP BY status")" "answered|48" "every trial is answered, whole and streamed"
same "$(sql run.db "SELECT count(*), count(error_class) FROM attempt")" "48|0" "no attempt failed, though it closes each stream's connection"
same "$(sql run.db "SELECT count(*) FROM response WHERE prompt_tokens > 0 AND completion_tokens > 0 AND finish_reason IN ('stop', 'length')")" 48 \
    "every reply has its usage and a finish reason"
same "$(sql run.db "SELECT count(*) > 8, count(*) - sum(iif(json_valid(content), json_type(content, '$.score'), '') = 'integer') FROM response r
    JOIN trial t ON t.id = r.trial_id JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = 'schema' AND r.finish_reason = 'stop'")" "1|0" \
    "its grammar keeps every answer that it ends itself to the schema in response_format"
sound run.db "the store is sound"

jq -nc --arg url "$URL" --arg picture "data:image/png;base64,$(base64 -w 0 set/picture.png)" --slurpfile sample set/samples.jsonl '
    $sample[] as $s | (false, true) as $stream | {key: "\($s.id) \($stream)", base_url: $url, extra: {}, args: ({model: "tiny", temperature: 0,
    seed: 7, max_tokens: 40, messages: [{role: "user", content: (if $s.images then
        [{type: "image_url", image_url: {url: $picture}}, {type: "text", text: $s.prompt}] else $s.prompt end)}]}
    + if $stream then {stream: true, stream_options: {include_usage: true}} else {} end)}' > jobs.jsonl
sqlite3 -json run.db "SELECT s.key || ' ' || iif(e.name = 'stream', 'true', 'false') AS key, r.content AS text, r.finish_reason AS finish,
    r.prompt_tokens, r.completion_tokens FROM response r JOIN trial t ON t.id = r.trial_id JOIN endpoint e ON e.id = t.endpoint_id
    JOIN sample s ON s.id = t.sample_id WHERE e.name <> 'schema'" | jq -c 'sort_by(.key)[]' > ours.jsonl
for client in openai-js hf-js openai-python hf-python; do
    case $client in *-js) javascript_clients ;; *) python_clients ;; esac || { skip "$client reads the same from it" "$WHY_NOT"; continue; }
    # It closes each stream's connection without a word, and whoever has just taken that one asks again.
    CLIENT_KEY=key-of-llama run theirs send_with $client jobs.jsonl 3
    jq -sc 'sort_by(.key)[] | {key, text: (.text // .error // ""), finish, prompt_tokens, completion_tokens}' theirs.out > theirs.jsonl
    same "$(diff ours.jsonl theirs.jsonl | head -n 4)" "" "$client reads the same texts, finish reasons and usage from it"
done

# ---- its errors ----
text_set long 1
jq -c '.prompt = "word " * 3000' long/samples.jsonl > long/new && mv long/new long/samples.jsonl
suite_of long.yaml long
LLAMA_KEY=key-of-llama run long timeout 60 "$GAUNTLET" run long.yaml -e whole --db long.db --progress none
same "$(sql long.db "SELECT status, reason FROM trial")" "failed|too_long" "a prompt over its context is too_long, and not tried again"
LLAMA_KEY=another-key run locked timeout 60 "$GAUNTLET" run suite.yaml -e whole --db locked.db --progress none
exits locked 3 "with the wrong key nothing is evaluated"
same "$(sql locked.db "SELECT DISTINCT reason FROM trial WHERE reason IS NOT NULL")" auth "and the trials wait for the right one"
done_testing
