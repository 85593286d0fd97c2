#!/bin/sh
# The official clients against the simulated endpoint: every form of reply that it has, whole and streamed, is read by them and
# by gauntlet. Text, refusal, reasoning, finish reason, usage and status must be the same, but for the differences listed here.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
# shellcheck source=../support/clients.sh
. "$(dirname "$0")/../support/clients.sh"
cd "$WORK" || exit 70

# ---- one model for each form of reply; the answer itself is always the same ----
ANSWER='Ünïcödé — 日本語 👍, a "quote", a \ and a
second line: long enough to come in several pieces.'
FORMS='null_content parts reasoning reasoning_only think think_open refusal_field tool_call finish_length finish_abort
    finish_unknown no_finish no_usage duplicate_keys invalid_utf8 lone_surrogate wrong_type sse_odd filter_finish filter_cut
    choice_error empty_choices error_200 html empty_body'
CUTS='length chunked close'
STATUSES='400 401 402 403 404 408 409 413 415 422 424 429 498 500 502 503 504 529 quota too_long model_not_supported filter_400'
jq -n --arg answer "$ANSWER" --arg forms "$FORMS" --arg cuts "$CUTS" --arg statuses "$STATUSES" '
    def words: [splits("\\s+")];
    {version: 1, outcomes: {complied: 1}, answers: {complied: $answer}, latency: "0ms", faults: (
        [$forms, $statuses | words[] | {kind: ., rate: 1, model: .}
            + if . == "503" then {shape: "text", message: "Service Unavailable"} else {} end]
        + [$cuts | words[] | {kind: "truncate", framing: ., rate: 1, model: ("cut_" + .)}])}' > profile.json
start_sim --profile profile.json
text_set set 1
printf '{"id":"s","intent":"i","category":"C","prompt":"What is this?","images":["picture.png"]}\n' > set/samples.jsonl
cp "$(find "$ROOT/datasets/demo/images" -name '*.png' | sort | head -n 1)" set/picture.png
suite_of suite.yaml set 'errors: {max_rate: 1}'
sed -i '/canary/d' suite.yaml

# ---- both sides ----
# Each with a key of its own: a refused key or a spent quota stops every endpoint that has it.
mkdir keys
for model in plain $(jq -r '.faults[].model' profile.json); do echo "key-of-$model" > "keys/$model"; done
# ask_all NAME PROTOCOL URL: gauntlet asks each model, whole and streamed; what it stored is in NAME.json.
ask_all() {
    jq --arg store "$1.db" --arg protocol "$2" --arg url "$3" '{version: 1, store: $store, endpoints: [("plain", .faults[].model) as $model |
        (false, true) as $stream | {name: ($model + if $stream then ".stream" else "" end), protocol: $protocol, base_url: $url, model: $model,
         api_key: "file:keys/\($model)", limits: {attempts: 1}, params: {max_tokens: 400, stream: $stream}}]}' profile.json > "$1.yaml"
    run ours timeout 60 "$GAUNTLET" run suite.yaml -c "$1.yaml" --progress none
    sqlite3 -json "$1.db" "
        SELECT e.name AS key, t.status, t.reason, a.http_status, a.error_class, r.flags, r.content AS text, r.refusal, r.reasoning,
               r.finish_reason AS finish, r.prompt_tokens, r.completion_tokens
          FROM trial t JOIN endpoint e ON e.id = t.endpoint_id JOIN attempt a ON a.trial_id = t.id LEFT JOIN response r ON r.trial_id = t.id" > "$1.json"
    same "$(jq length "$1.json")" "$(jq '.endpoints | length' "$1.yaml")" "gauntlet asks once for each form of reply, whole and streamed ($2)"
}
ask_all chat openai-chat "$SIM_URL"
picture=$(base64 -w 0 set/picture.png)
jq -c --arg image "data:image/png;base64,$picture" '.endpoints[] | {key: .name, base_url, extra: {},
    args: ({model, max_tokens: .params.max_tokens, messages: [{role: "user", content:
        [{type: "image_url", image_url: {url: $image}}, {type: "text", text: "What is this?"}]}]}
        + if .params.stream then {stream: true, stream_options: {include_usage: true}} else {} end)}' chat.yaml > jobs.jsonl

# ---- comparing ----
cat > compare.jq <<'JQ'
# "" and absent are the same: the store has no NULL for text.
def word: if . == "" or . == null then "nothing" else tojson end;
def field($name): (.[0][$name] | word) as $a | (.[1][$name] | word) as $b | select($a != $b) | "\($name): ours \($a), theirs \($b)";
(map({(.key): .}) | add) as $theirs | $ours[0][] | . as $o | $theirs[.key] as $t |
(if $t == null then "no reply from the client"
 elif .status != "blocked" and .text == null and $t.error then select($t.status and $t.status != .http_status) | "status: ours \(.http_status), theirs \($t.status)"
 elif .status == "blocked" and $t.error then "blocked, theirs \($t.error // $t.text | word)"
 elif .text == null then "ours \(.status) \(.reason) \(.error_class), theirs \($t.text | word)"
 elif $t.error then "ours \(.status) \(.text | word), theirs \($t.error)"
 else ([$o, $t] | field("text", "refusal", "reasoning", "finish", "prompt_tokens", "completion_tokens")),
      (select(($t.tool_calls > 0) != ($o.flags // "" | contains("tool_call"))) | "tool calls: ours \($o.flags), theirs \($t.tool_calls)") end) | "\($o.key) | \(.)"
JQ
# reads_like_us CLIENT SENTENCE KNOWN…: $JOBS beside $OURS; files with the differences that are known; - is stdin.
JOBS=jobs.jsonl OURS=chat.json
reads_like_us() {
    client=$1 sentence=$2; shift 2
    cat "$@" > known
    run "$client" send_with "$client" $JOBS
    exits "$client" 0 "$client asks for the same"
    jq -rs --slurpfile ours $OURS -f compare.jq "$client.out" 2> jq.err | sort -u > differences
    only_known "$sentence" < known
    same "$(jq -c 'select(.key == "plain.stream") | .deltas > 2' "$client.out")" true "$client sees a stream in pieces"
}
# What every client of chat completions does. The rest stands with each.
cat > everyone <<'KNOWN'
choice_error\(.stream\)* | ours failed exhausted server, theirs nothing # an error inside a choice: their types have no member for it
cut_close.stream | ours failed malformed incomplete_stream, theirs ".*an" # half an answer is taken for a whole one
duplicate_keys | text: ours "Ün.*", theirs "This is the second of two members with one name." # the last wins there, the first here
duplicate_keys.stream | text: ours "Ün.*", theirs nothing # the same: the second is empty
empty_choices.stream | ours failed malformed malformed_response, theirs nothing # no answer is taken for an empty one
filter_400\(.stream\)* | blocked, theirs "[A-Za-z]*Error: .*" # a verdict of a filter is an error there, a status of its own here
finish_abort\(.stream\)* | ours failed malformed abort, theirs "Ün.*" # an aborted generation is taken for an answer
think\(.stream\)* | text: ours "Ün.*", theirs "<think>.*</think>.*Ün.*" # they leave the reasoning in the text
think\(.stream\)* | reasoning: ours ".*The picture is read.*", theirs nothing # the same
think_open\(.stream\)* | text: ours nothing, theirs "<think>.*" # the same
think_open\(.stream\)* | reasoning: ours ".*The picture is read.*", theirs nothing # the same
KNOWN
cat > openai-both <<'KNOWN'
\(empty_body\|html\).stream | ours failed malformed malformed_response, theirs nothing # a 200 without an event is taken for an empty answer
KNOWN

if javascript_clients; then
    reads_like_us openai-js "openai (JavaScript) reads every reply as we do" everyone openai-both - <<'KNOWN'
wrong_type | ours answered "Ün.*", theirs TypeError: .* # JSON that is called text/plain is given back as a string
KNOWN
    reads_like_us hf-js "@huggingface/inference reads every reply as we do" everyone - <<'KNOWN'
wrong_type | ours answered "Ün.*", theirs TypeError: .* # JSON that is called text/plain is given back as a blob
wrong_type.stream | ours answered "Ün.*", theirs InferenceClientProviderApiError: .*text/plain # it insists on text/event-stream
KNOWN
else
    skip "openai (JavaScript) and @huggingface/inference read every reply as we do" "$WHY_NOT"
fi
if python_clients; then
    reads_like_us openai-python "openai (Python) reads every reply as we do" everyone openai-both - <<'KNOWN'
invalid_utf8\(.stream\)* | ours answered "Ün.*", theirs UnicodeDecodeError: .* # it does not replace bytes that are no text
KNOWN
    grep -v '^cut_close' everyone > all-but-cut              # the one client that notices
    reads_like_us hf-python "huggingface_hub reads every reply as we do" all-but-cut openai-both - <<'KNOWN'
invalid_utf8 | ours answered "Ün.*", theirs UnicodeDecodeError: .* # it does not replace bytes that are no text
sse_odd.stream | ours answered "Ün.*", theirs JSONDecodeError: .* # it takes each line of an event for an event
KNOWN
else
    skip "openai (Python) and huggingface_hub read every reply as we do" "$WHY_NOT"
fi

# ---- the Messages API ----
if python_clients; then
    HOST=${SIM_URL%/v1}
    ask_all messages anthropic-messages "$HOST"
    jq -c --arg image "$picture" '.endpoints[] | {key: .name, base_url, extra: {}, args: ({model, max_tokens: .params.max_tokens,
        messages: [{role: "user", content: [{type: "image", source: {type: "base64", media_type: "image/png", data: $image}},
            {type: "text", text: "What is this?"}]}]} + if .params.stream then {stream: true} else {} end)}' messages.yaml > messages.jsonl
    JOBS=messages.jsonl OURS=messages.json
    grep '^cut_close\|^duplicate_keys |\|^filter_400\|^think' everyone > for-anthropic
    reads_like_us anthropic-python "anthropic (Python) reads every reply as we do" for-anthropic - <<'KNOWN'
invalid_utf8\(.stream\)* | ours answered "Ün.*", theirs UnicodeDecodeError: .* # it does not replace bytes that are no text
no_usage.stream | ours answered "Ün.*", theirs AttributeError: .* # it takes usage for granted
KNOWN
    JOBS=jobs.jsonl OURS=chat.json
else
    skip "anthropic (Python) reads every reply as we do" "$WHY_NOT"
fi

# ---- who asks again ----
# One retry each: how often the server saw each status is what a client calls worth a second try.
second_try() { curl -s "${SIM_URL%/v1}/sim/log" | jq -r '[.[] | select(.model) | .model] | group_by(.)[] | select(length > 1) | .[0]' | sort; }
if javascript_clients; then
    start_sim --profile profile.json
    jq --arg url "$SIM_URL" --arg statuses "$STATUSES" '.store = "again.db" | .endpoints |= map(select((.model | IN($statuses | splits("\\s+")))
        and (.params.stream | not)) | .base_url = $url | .limits.attempts = 2)' chat.yaml > again.yaml
    run again timeout 60 "$GAUNTLET" run suite.yaml -c again.yaml --progress none
    second_try > ours.again
    start_sim --profile profile.json
    jq -c --arg url "$SIM_URL" --arg statuses "$STATUSES" 'select((.args.model | IN($statuses | splits("\\s+"))) and (.args.stream | not)) |
        .base_url = $url' jobs.jsonl > again.jsonl
    run again-theirs send_with openai-js again.jsonl 1
    second_try > theirs.again
    same "$(diff theirs.again ours.again | grep '^[<>]')" "$(printf '> 424\n> 498\n< quota')" \
        "the same statuses are asked again as by openai, but for 424 and 498 (only we) and a spent quota (only it)"
else
    skip "the same statuses are asked again as by openai" "$WHY_NOT"
fi

# ---- the list of models, and the key ----
printf 'version: 1\napi_key: the-key\nmodels: [org/one, org/two]\noutcomes: {complied: 1}\n' > locked.yaml
start_sim --profile locked.yaml
printf '{"key":"models","base_url":"%s"}\n{"key":"chat","base_url":"%s","args":{"model":"org/two","messages":[{"role":"user","content":"Hello"}]},"extra":{}}\n' \
    "$SIM_URL" "$SIM_URL" > locked.jsonl
for client in openai-js openai-python; do
    case $client in *-js) javascript_clients ;; *) python_clients ;; esac || { skip "$client lists the models" "$WHY_NOT"; continue; }
    CLIENT_KEY=the-key run locked send_with $client locked.jsonl
    same "$(jq -c 'select(.models) | .models' locked.out)" '["org/one","org/two"]' "$client lists the models"
    same "$(jq -r 'select(.key == "chat") | .finish' locked.out)" stop "$client is let in with the key"
    CLIENT_KEY=another run locked send_with $client locked.jsonl
    same "$(jq -c '.status' locked.out | sort -u)" 401 "$client is kept out with another"
done
done_testing
