#!/bin/sh
# HTTP conformance: five official clients and gauntlet send the same samples to a recording server. Bodies must be equal as
# parsed JSON, and path and headers too, but for the differences that are listed here with their reasons.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
# shellcheck source=../support/clients.sh
. "$(dirname "$0")/../support/clients.sh"
cd "$WORK" || exit 70
javascript_clients || { skip "the official clients send the same requests" "$WHY_NOT"; done_testing; exit 0; }

# ---- the samples: none, one and two images of two kinds; text that JSON has to escape ----
mkdir -p set/images
cp "$ROOT"/datasets/demo/images/*.png "$ROOT"/datasets/demo/images/*.jpg set/images/ 2> /dev/null
png=$(cd set && find images -name '*.png' | sort | head -n 1)
jpg=$(cd set && find images -name '*.jpg' | sort | head -n 1)
manifest_of set
cat > set/samples.jsonl <<JSON
{"id":"text","intent":"i","category":"C","prompt":"Plain text, ünïcödé, \"quotes\", a \\\\, a /, a\ttab, a\nline — and 日本語 👍 \u2028 \u007f","images":[]}
{"id":"one","intent":"i","category":"C","prompt":"One picture.","images":["$png"]}
{"id":"two","intent":"i","category":"C","prompt":"Two pictures of two kinds.","images":["$png","$jpg"]}
JSON
for name in plain system; do suite_of $name.yaml set; done
sed -i 's/^scorers:.*/scorers: [{refusal: {preset: jbb-13}}]/; /^  - /d' plain.yaml system.yaml
printf 'prompt: {system: "You are a careful assistant. Ünd höflich.", order: image-first}\n' >> system.yaml

# ---- the cases: one endpoint each. `params` are gauntlet's; a client gets the same by its own names (jobs below). ----
cat > cases.json <<'JSON'
[
 {"name": "bare"},
 {"name": "sampling", "params": {"temperature": 0, "top_p": 0.9, "seed": 7, "max_tokens": 512, "stop": ["END", "\n\n"]}},
 {"name": "stream", "params": {"temperature": 0.7, "max_tokens": 64, "stream": true}},
 {"name": "tokens", "params": {"max_tokens": 300, "max_tokens_key": "max_completion_tokens"}},
 {"name": "reasoning", "params": {"reasoning_effort": "low"}},
 {"name": "extra", "params": {"extra": {"top_k": 1, "chat_template_kwargs": {"enable_thinking": false}, "list": [1, {"a": "b"}]}}},
 {"name": "schema", "params": {"extra": {"response_format": {"type": "json_schema", "json_schema": {"name": "verdict", "strict": true,
   "schema": {"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"], "additionalProperties": false}}}}}},
 {"name": "object", "params": {"extra": {"response_format": {"type": "json_object"}}}},
 {"name": "path-none", "base": ""},
 {"name": "path-slash", "base": "/"},
 {"name": "path-v1-slash", "base": "/v1/"},
 {"name": "path-whole", "base": "/v1/chat/completions"},
 {"name": "path-prefix", "base": "/some/proxy/v1"},
 {"name": "path-query", "base": "/v1?api-version=2"}
]
JSON

# ---- both sides from the same cases ----
node record.mjs > record.out 2>&1 &
SERVERS="$SERVERS $!"
until_true test -s port
HOST=http://127.0.0.1:$(cat port)
jq -n --arg host "$HOST" --slurpfile cases cases.json '{version: 1, store: "run.db", endpoints: [$cases[0][] | {name, protocol: "openai-chat",
    base_url: ($host + (.base // "/v1")), model: ("org/" + .name), api_key: "env:CLIENT_KEY", headers: {"X-HF-Bill-To": "an-org"},
    params: (.params // {})}]}' > config.yaml
for image in "$png" "$jpg"; do
    printf '{"%s":"data:image/%s;base64,%s"}\n' "$image" "$(case $image in *.png) echo png ;; *) echo jpeg ;; esac)" "$(base64 -w 0 "set/$image")"
done | jq -s add > urls.json
jq -nc --arg host "$HOST" --slurpfile cases cases.json --slurpfile url urls.json --slurpfile sample set/samples.jsonl '
    [null, "You are a careful assistant. Ünd höflich."][] as $system | $cases[0][] as $case | $sample[] as $s | ($case.params // {}) as $p |
    ($s.images | map({type: "image_url", image_url: {url: $url[0][.]}})) as $images |
    {key: "\($case.name) \($s.id)", base_url: ($host + ($case.base // "/v1")),
     args: ({model: ("org/" + $case.name),
             messages: [if $system then {role: "system", content: $system} else empty end,
                        {role: "user", content: (if $images == [] then $s.prompt else $images + [{type: "text", text: $s.prompt}] end)}]}
            + ($p | del(.extra, .max_tokens, .max_tokens_key))
            + {($p.max_tokens_key // "max_tokens"): ($p.max_tokens // 1024)}
            + (if $p.stream then {stream_options: {include_usage: true}} else {} end)
            + ($p.extra // {} | with_entries(select(.key == "response_format")))),
     extra: ($p.extra // {} | del(.response_format))}' > jobs.jsonl

export CLIENT_KEY=hf_conformance CLIENT_ORG=an-org
for suite in plain system; do
    run $suite "$GAUNTLET" run $suite.yaml --no-evidence --progress none
    exits $suite 0 "gauntlet sends the samples ($suite)"
done
mv record.jsonl gauntlet.jsonl
same "$(wc -l < gauntlet.jsonl)" "$(wc -l < jobs.jsonl)" "one request for each case, sample and system prompt"
same "$(jq -r '.body | fromjson | keys_unsorted[0]' gauntlet.jsonl | sort -u)" model "model is the first key of every body"
same "$(jq -r '.headers["x-amzn-trace-id"]' gauntlet.jsonl | sort -u | grep -cE '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')" \
    "$(wc -l < jobs.jsonl)" "every request has a trace id of its own"
same "$(jq -r '.headers["user-agent"]' gauntlet.jsonl | sort -u | grep -cvE '^gauntlet/[0-9.]+ \(libcurl/')" 0 "and says who sends it"

# ---- comparing ----
# Requests of both sides are paired by model, system prompt and sample. Prints a line for each kind of difference: where, what.
cat > compare.jq <<'JQ'
def facts: (.body | fromjson) as $b |
    {id: [$b.model, ($b.messages | length), ($b | has("system")), ($b.messages[-1].content | if type == "array" then map(.text // empty) | add else . end)],
     body: ($b | del(.messages)), messages: $b.messages, path: "\(.method) \(.path)",
     headers: (.headers | {authorization, "content-type", "x-hf-bill-to", "x-api-key", "anthropic-version"})};
# Members that differ, with both values.
def differences($a; $b): ($a + $b | keys_unsorted[]) as $k | select(($a | has($k)) != ($b | has($k)) or $a[$k] != $b[$k]) |
    "\($k): ours \($a | if has($k) then .[$k] | tojson else "absent" end), theirs \($b | if has($k) then .[$k] | tojson else "absent" end)";
($ours | map(facts) | INDEX(.id | tojson)) as $a | (map(facts) | INDEX(.id | tojson)) as $b |
(($a | keys) - ($b | keys) | map("\(fromjson[0]) | not sent by the client")[]),
(($b | keys) - ($a | keys) | map("\(fromjson[0]) | not sent by us")[]),
(($a | keys)[] | select($b[.]) | . as $id | fromjson[0] as $model | $a[$id] as $x | $b[$id] as $y | "\($model) | " + (
    differences($x.body; $y.body),
    (if $x.messages != $y.messages then "messages" else empty end),
    differences($x.headers; $y.headers),
    (if $x.path != $y.path then "path: ours \($x.path), theirs \($y.path)" else empty end)))
JQ
# differs_only CLIENT SENTENCE < KNOWN: sends $JOBS and compares with $OURS.
JOBS=jobs.jsonl OURS=gauntlet.jsonl
differs_only() {
    rm -f record.jsonl
    run "$1" send_with "$1" $JOBS
    exits "$1" 0 "$1 sends the same samples"
    jq -rs --slurpfile ours $OURS -f compare.jq record.jsonl 2> jq.err | sort -u > differences
    only_known "$2"
}

# The OpenAI clients take base_url as it is and add /chat/completions; gauntlet takes what people paste, by huggingface_hub's rule.
differs_only openai-js "openai (JavaScript) sends what we send" <<'KNOWN'
org/path-none | path: ours POST /v1/chat/completions, theirs POST /chat/completions # it never adds /v1
org/path-slash | path: ours POST /v1/chat/completions, theirs POST /chat/completions # it never adds /v1
org/path-whole | path: .*, theirs POST /v1/chat/completions/chat/completions # it does not see that the path is there
org/path-query | path: ours POST /v1/chat/completions?api-version=2, theirs POST /v1?api-version=2%2Fchat%2Fcompletions # into the query
KNOWN
differs_only hf-js "@huggingface/inference sends what we send" <<'KNOWN'
org/path-query | path: ours POST /v1/chat/completions?api-version=2, theirs POST /v1?api-version=2/v1/chat/completions # into the query
KNOWN
if python_clients; then
    differs_only openai-python "openai (Python) sends what we send" <<'KNOWN'
org/path-none | path: ours POST /v1/chat/completions, theirs POST /chat/completions # it never adds /v1
org/path-slash | path: ours POST /v1/chat/completions, theirs POST /chat/completions # it never adds /v1
org/path-whole | path: .*, theirs POST /v1/chat/completions/chat/completions # it does not see that the path is there
org/path-query | path: ours POST /v1/chat/completions?api-version=2, theirs POST /v1/?api-version=2chat/completions # into the query
KNOWN
    differs_only hf-python "huggingface_hub sends what we send" <<'KNOWN'
org/[a-z0-9-]* | stream: ours absent, theirs false # it always says stream; false is the default of every server
org/schema | response_format: ours {"type":"json_schema",.*}, theirs {"type":"json_object","value":.*} # TGI's words, for any base_url
KNOWN
else
    skip "openai (Python), huggingface_hub and anthropic send what we send" "$WHY_NOT"
    done_testing
    exit 0
fi

# ---- JSON of a schema: a judge is asked in each server's form, and huggingface_hub knows three of them by itself ----
jq -n --arg host "$HOST" '{version: 1, store: "forms.db", endpoints: [("openai", "together", "fireworks", "tgi", "none") as $form | {name: $form,
    protocol: "openai-chat", base_url: ($host + "/v1"), model: $form, structured_output: $form, limits: {attempts: 1}}]}' > forms.yaml
rm -f record.jsonl
for form in openai together fireworks tgi; do
    sed "s/^scorers:.*/scorers: [{strongreject: {judges: [$form]}}]/" plain.yaml > "$form.yaml"
    run "$form" timeout 60 "$GAUNTLET" run "$form.yaml" --no-evidence -c forms.yaml -e none --limit 1 --progress none
done
# The recording server's answer is no verdict: what counts is how it was asked.
jq -c '.body | fromjson | {(.model): .response_format}' record.jsonl | jq -s 'add | del(.none)' > forms.json
same "$(jq -r '.openai | .type, (.json_schema | keys | join(","))' forms.json)" "json_schema
name,schema,strict" "a judge is asked for JSON in OpenAI's form"
jq .openai forms.json | "$CLIENTS/python/venv/bin/python" "$CLIENT_PROGRAMS/dialects.py" 2> dialects.err |
    jq -S '{openai: .groq, together, fireworks: ."fireworks-ai", tgi: ."hf-inference"}' > theirs.json
same "$(jq -S . forms.json | diff - theirs.json)" "" "and in Together's, Fireworks' and TGI's as huggingface_hub writes them"

# ---- the Messages API, in the same way. The client knows no temperature and top_p any more: they go beside its arguments. ----
cat > cases.json <<'JSON'
[
 {"name": "bare"},
 {"name": "sampling", "params": {"temperature": 0, "top_p": 0.9, "max_tokens": 512, "stop": ["END", "STOP"]}},
 {"name": "stream", "params": {"max_tokens": 64, "stream": true}},
 {"name": "extra", "params": {"extra": {"top_k": 1, "metadata": {"user_id": "someone"}, "thinking": {"type": "disabled"}}}},
 {"name": "path-slash", "base": "/"},
 {"name": "path-v1", "base": "/v1"},
 {"name": "path-prefix", "base": "/some/proxy"}
]
JSON
jq -n --arg host "$HOST" --slurpfile cases cases.json '{version: 1, store: "anthropic.db", endpoints: [$cases[0][] | {name,
    protocol: "anthropic-messages", base_url: ($host + (.base // "")), model: ("claude-" + .name), api_key: "env:CLIENT_KEY", params: (.params // {})}]}' > anthropic.yaml
jq -nc --arg host "$HOST" --slurpfile cases cases.json --slurpfile url urls.json --slurpfile sample set/samples.jsonl '
    [null, "You are a careful assistant. Ünd höflich."][] as $system | $cases[0][] as $case | $sample[] as $s | ($case.params // {}) as $p |
    ($s.images | map($url[0][.] | capture("^data:(?<media_type>[^;]*);base64,(?<data>.*)$") | {type: "image", source: ({type: "base64"} + .)})) as $images |
    {key: "\($case.name) \($s.id)", base_url: ($host + ($case.base // "")),
     args: ({model: ("claude-" + $case.name), max_tokens: ($p.max_tokens // 1024),
             messages: [{role: "user", content: (if $images == [] then $s.prompt else $images + [{type: "text", text: $s.prompt}] end)}]}
            + (if $system then {$system} else {} end) + (if $p.stop then {stop_sequences: $p.stop} else {} end)
            + (if $p.stream then {stream: true} else {} end)),
     extra: (($p | with_entries(select(.key == "temperature" or .key == "top_p"))) + ($p.extra // {}))}' > anthropic.jsonl
rm -f record.jsonl
for suite in plain system; do
    run $suite "$GAUNTLET" run $suite.yaml --no-evidence -c anthropic.yaml --progress none
    exits $suite 0 "gauntlet sends the samples as messages ($suite)"
done
mv record.jsonl gauntlet-anthropic.jsonl
JOBS=anthropic.jsonl OURS=gauntlet-anthropic.jsonl
differs_only anthropic-python "anthropic (Python) sends what we send" <<'KNOWN'
claude-[a-z0-9-]* | anthropic-version: ours "2023-06-01", theirs "2026-10-21" # ours is the one that takes temperature; docs/protocols.md
claude-[a-z0-9-]* | authorization: ours null, theirs "Bearer hf_conformance" # this version of the client sends every key so
claude-[a-z0-9-]* | x-api-key: ours "hf_conformance", theirs null # the same; ours is the header of 2023-06-01
claude-path-v1 | path: ours POST /v1/messages, theirs POST /v1/v1/messages # it adds /v1 to whatever it is given
KNOWN
done_testing
