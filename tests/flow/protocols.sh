#!/bin/sh
# The same suite in three protocols, whole and streamed: the planted truth comes out of each, and what a protocol cannot say is refused.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
SAMPLES=60
PROTOCOLS="openai-chat anthropic-messages gemini-generate"
cat > suite.yaml <<SUITE
version: 1
name: three
dataset: $ROOT/datasets/demo
select: {limit: $SAMPLES, order: stratified, seed: 3}
prompt: {system: "Answer in one line."}
scorers:
  - canary: {codeword: extra.codeword}
SUITE
printf test-key-0123456789 > key

# endpoints FILE URL [PARAMS]: one of each protocol.
endpoints() {
    { echo "version: 1"; echo "endpoints:"; } > "$1"
    for protocol in $PROTOCOLS; do
        echo "  - {name: ${protocol%%-*}, protocol: $protocol, base_url: \"${2%/v1}\", model: sim/vlm, api_key: \"file:key\", params: {${3:-max_tokens: 64}}}" >> "$1"
    done
}
# verdicts DB: what each endpoint says of each sample.
verdicts() { sql "$1" "SELECT e.name, s.key, coalesce(v.verdict, v.reason), t.status FROM trial t JOIN endpoint e ON e.id = t.endpoint_id JOIN sample s ON s.id = t.sample_id LEFT JOIN score v ON v.trial_id = t.id ORDER BY 1, 2"; }

# ---- one truth ----
cat > truth.yaml <<'PROFILE'
version: 1
api_key: test-key-0123456789
outcomes: {refused: 1}
rules:
  - {category: "A*", outcomes: {complied: 1}}
  - {category: "B*", outcomes: {partial: 1}}
  - {category: "C*", outcomes: {deflected: 1}}
  - {category: "D*", outcomes: {blocked: 1}}
  - {expected: benign, outcomes: {complied: 1}}
PROFILE
start_sim --profile truth.yaml --dataset "$ROOT/datasets/demo"
for way in whole stream; do
    endpoints "$way.yaml" "$SIM_URL" "max_tokens: 64, temperature: 0, stop: [END], stream: $([ "$way" = stream ] && echo true || echo false)"
    run "$way" timeout 200 "$GAUNTLET" run suite.yaml --no-evidence -c "$way.yaml" --db "$way.db" --json
    exits "$way" 0 "$way: a run of three protocols"
    for name in openai anthropic gemini; do
        verdicts "$way.db" | sed -n "s/^$name|//p" > "$way.$name"
        same "$(cksum < "$way.$name")" "$(cksum < whole.openai)" "$way: $name comes to the planted truth, sample by sample"
    done
    sound "$way.db" "$way: the store is sound"
    same "$(sql "$way.db" "SELECT count(*) FROM response WHERE prompt_tokens > 0 AND model_echo = 'sim/vlm'
                             AND (completion_tokens > 0 OR content = '')")" \
         "$(sql "$way.db" "SELECT count(*) FROM response r JOIN attempt a ON a.id = r.attempt_id WHERE a.http_status = 200")" "$way: tokens and model are read in each"
done
same "$(wc -l < whole.openai)" "$SAMPLES" "every sample has its verdict"
same "$(cut -d'|' -f2,3 whole.openai | sort -u | grep -c '^complied|answered$\|^refused|answered$\|^partial|answered$\|^deflected|answered$\|^refused|blocked$')" 5 "every outcome is among them"
curl -s "${SIM_URL%/v1}/sim/log" > log
same "$(jq -r '.[].path' log | sort -u | tr '\n' ' ')" \
    '/v1/chat/completions /v1/messages /v1beta/models/sim/vlm:generateContent /v1beta/models/sim/vlm:streamGenerateContent ' "each protocol has its own address"
same "$(jq -r '[.[] | select(.sample == null)] | length' log)" 0 "every request was recognised by its prompt and images"
says_not whole.db test-key-0123456789 "the key is not in the store"
endpoints wrong.yaml "$SIM_URL" && sed -i '/anthropic\|gemini/s/file:key/file:other/' wrong.yaml && printf other-key > other
run wrong "$GAUNTLET" run suite.yaml -c wrong.yaml --db wrong.db -e anthropic -e gemini
exits wrong 3 "a wrong key: exit 3"
same "$(sql wrong.db "SELECT DISTINCT status || ' ' || reason FROM trial")" 'pending auth' "a wrong key: the trials wait"

# ---- the demo's truth, with its faults: what the server planted is what the store holds ----
start_sim --profile demo --dataset "$ROOT/datasets/demo" --seed 5
endpoints demo.yaml "$SIM_URL"
run demo timeout 200 "$GAUNTLET" run suite.yaml --no-evidence -c demo.yaml --db demo.db --json
exits demo 0 "demo: complete, after retries"
curl -s "${SIM_URL%/v1}/sim/log" | jq -r '.[] | select(.outcome != null) | [.trace_id, (.outcome | if . == "blocked" then "refused" elif . == "empty" then "no_answer" else . end)] | join("|")' | sort > planted
sql demo.db "SELECT a.trace_id, coalesce(v.verdict, v.reason) FROM response r JOIN attempt a ON a.id = r.attempt_id JOIN score v ON v.trial_id = r.trial_id" | sort > stored
same "$(wc -l < stored)" $((3 * SAMPLES)) "demo: every trial of every protocol has its answer"
same "$(comm -23 stored planted | wc -l)" 0 "demo: and the answer that was planted"
sound demo.db "demo: the store is sound"

# ---- resume ----
cat > poor.yaml <<'PROFILE'
version: 1
latency: 2ms
faults: [{kind: 402, rate: 1, after: 40, until: 48}]
PROFILE
start_sim --profile poor.yaml --dataset "$ROOT/datasets/demo"
endpoints poor.config.yaml "$SIM_URL"
run poor timeout 100 "$GAUNTLET" run suite.yaml --no-evidence -c poor.config.yaml --db poor.db
exits poor 4 "out of credits: exit 4"
same "$(sql poor.db "SELECT DISTINCT reason FROM trial WHERE status = 'pending'")" credits "out of credits: what was not asked waits"
for _ in 1 2 3 4 5 6 7 8; do
    run resume timeout 100 "$GAUNTLET" resume last --no-evidence -c poor.config.yaml --db poor.db
    [ "$CODE" -eq 0 ] && break
done
exits resume 0 "resume finishes all three"
same "$(sql poor.db "SELECT e.name, count(*) FROM trial t JOIN endpoint e ON e.id = t.endpoint_id WHERE t.status = 'answered' GROUP BY 1")" \
"anthropic|$SAMPLES
gemini|$SAMPLES
openai|$SAMPLES" "resume: every trial has its answer"
same "$(curl -s "${SIM_URL%/v1}/sim/log" | jq '[.[] | select(.status == 200)] | length')" $((3 * SAMPLES)) "resume: nothing was answered twice"
sound poor.db "resume: the store is sound"

# ---- run --sim takes the place of any of them ----
endpoints simulated.yaml http://127.0.0.1:9
run simulated "$GAUNTLET" run suite.yaml -c simulated.yaml --sim=clean --db simulated.db
exits simulated 0 "run --sim in each protocol"
same "$(sql simulated.db "SELECT DISTINCT protocol FROM endpoint ORDER BY 1" | tr '\n' ' ')" 'anthropic-messages gemini-generate openai-chat ' "the store names the protocols"

# ---- what a protocol cannot say ----
refused() { # refused NAME LINE PATTERN SENTENCE
    printf 'version: 1\nendpoints:\n  - {name: x, base_url: "http://127.0.0.1:9", model: m, %s}\n' "$2" > "$1.yaml"
    run "$1" "$GAUNTLET" run suite.yaml -c "$1.yaml" --db never.db
    exits "$1" 2 "$4: exit 2"
    says "$1.err" "$3" "$4: says so"
    run "$1-check" "$GAUNTLET" check -c "$1.yaml"
    says "$1-check.out" "$3" "$4: check says so too"
}
refused near 'protocol: anthropic-mesages' 'did you mean .anthropic-messages' "a protocol mistyped"
refused far 'protocol: telepathy' 'known: openai-chat, anthropic-messages, gemini-generate' "a protocol that there is not"
refused seed 'protocol: anthropic-messages, params: {seed: 7}' 'seed.yaml:3:.*has no .seed' "a seed for anthropic-messages"
refused warm 'protocol: anthropic-messages, params: {temperature: 2}' 'warm.yaml:3:.*from 0 to 1' "a temperature that anthropic-messages does not take"
refused count 'protocol: gemini-generate, params: {extra: {generationConfig: {candidateCount: 2}}}' 'candidateCount' "several candidates"
same "$(sql never.db "SELECT count(*) FROM run")" 0 "nothing was planned"

run dry "$GAUNTLET" run suite.yaml -c whole.yaml -e anthropic -e gemini --dry-run 1
exits dry 0 "--dry-run shows the requests"
says dry.out '"media_type":"image/png","data":"sha256:' "--dry-run: an image of anthropic-messages, elided"
says dry.out '"inlineData":{"mimeType":"image/png","data":"sha256:' "--dry-run: an image of gemini-generate, elided"
says_not dry.out test-key-0123456789 "--dry-run shows no key"
done_testing
