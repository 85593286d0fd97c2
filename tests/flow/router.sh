#!/bin/sh
# The Hugging Face router: a provider is named, what another one answered is kept apart, a mixture is called one, and who pays
# is told to nobody else. The simulated endpoint stands in for it.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 40 && suite_of suite.yaml set
printf 'version: 1\noutcomes: {complied: 0.5}\n' > as_asked.yaml
printf 'version: 1\noutcomes: {complied: 0.5}\nanswered_by: [NOVITA, together, groq]\n' > mixed.yaml

# against NAME PROFILE [ENDPOINT LINE…]: a run against that profile.
against() {
    against_name=$1
    start_sim --profile "$2" --dataset set --seed 3
    shift 2
    config_of "$against_name.yaml" "$SIM_URL" "$@"
    run "$against_name" timeout 100 "$GAUNTLET" run suite.yaml -c "$against_name.yaml" --db "$against_name.db"
    exits "$against_name" 0 "$against_name: exit 0"
    run "$against_name-json" "$GAUNTLET" report last --format json --db "$against_name.db"
    curl -s "${SIM_URL%/v1}/sim/log" | jq 'map(select(.method == "POST"))' > "$against_name.log"
}
# of NAME FILTER: of the endpoint in the summary
of() { jq -c ".endpoints[0] | $2" "$1-json.out"; }

against asked as_asked.yaml "provider: novita"
same "$(jq -c 'map(.model) | unique' asked.log)" '["flow/model:novita"]' 'the provider is the suffix of the model'
same "$(of asked '.providers, .mixed_routes' | tr '\n' ' ')" '[{"name":"novita","answers":40,"apart":0}] false ' 'who answered is in the summary'
says_not asked.out 'answered by' 'the table does not repeat what was asked for'

against other mixed.yaml "provider: novita"
elsewhere=$(sql other.db "SELECT count(*) FROM response WHERE provider_echo <> 'NOVITA'")
same "$(test "$elsewhere" -gt 5 && test "$elsewhere" -lt 35 && echo some)" some 'some answers are of another provider'
same "$(sql other.db "SELECT count(*) FROM trial WHERE status = 'answered'")" 40 'their trials are answered'
same "$(of other '.counts.scored + .counts.unscored')/$(of other '.unscored_reasons.provider_mismatch')" "40/$elsewhere" 'their verdict is unscored: provider_mismatch'
same "$(sql other.db "SELECT count(*) FROM score x JOIN response r ON r.trial_id = x.trial_id WHERE (x.reason = 'provider_mismatch') <> (r.provider_echo <> 'NOVITA') OR (x.reason = 'provider_mismatch' AND x.verdict <> 'unscored')")" 0 'for every scorer, and for no answer of the provider asked for, however it is spelled'
same "$(of other '.asr.n')" "$((40 - elsewhere))" 'no rate counts them'
same "$(of other '[.providers[].apart] | add')/$(of other '.mixed_routes')" "$elsewhere/false" 'the summary counts them beside their provider'
same "$(sql other.db "SELECT count(*) FROM event WHERE kind = 'provider_mismatch'")" 1 'one event tells of it'
says other.err 'asks for provider .novita.' 'and so does the terminal, at once'
says other.out "unscored: provider_mismatch $elsewhere" 'the table tells of it'
says other.out 'answered by: .*kept apart' 'the table names who answered'
run page "$GAUNTLET" report last --db other.db -o other.html
says other.html 'kept apart' 'so does the page'
sound other.db 'the store is sound'

run rescored "$GAUNTLET" rescore last -c other.yaml --db other.db --scorer 'refusal: {preset: garak-27}'
exits rescored 0 'the answers are scored by one more rule'
same "$(sql other.db "SELECT count(*) FROM score WHERE reason = 'provider_mismatch'")" "$((3 * elsewhere))" 'which keeps apart what was kept apart'

cat >> other.yaml <<YAML
  - {name: judge, base_url: "$SIM_URL", protocol: openai-chat, model: sim/judge-a}
  - {name: routed, base_url: "$SIM_URL", protocol: openai-chat, model: sim/judge-a, provider: novita}
YAML
run judged "$GAUNTLET" rescore last -c other.yaml --db other.db --scorer 'strongreject: {judges: [judge]}'
exits judged 0 'a judge is asked about the others'
same "$(sql other.db "SELECT count(*) FROM score WHERE reason = 'provider_mismatch'")" "$((4 * elsewhere))" 'and not about them'
same "$(sql other.db "SELECT count(*) FROM judge_attempt j JOIN response r ON r.trial_id = j.trial_id WHERE r.provider_echo <> 'NOVITA'")" 0 'no question is sent for them'
run routed "$GAUNTLET" rescore last -c other.yaml --db other.db --scorer 'jbb: {judges: [routed]}'
says routed.err 'judge_error (the judge could not be asked (provider_mismatch))' 'what another provider says in place of a judge is not heard'
same "$(sql other.db "SELECT count(*) FROM score x JOIN scorer c ON c.id = x.scorer_id WHERE c.kind = 'jbb' AND x.verdict <> 'unscored'")" 0 'and gives no verdict'

against pooled mixed.yaml "provider: :cheapest" "allow_any_provider: true"
same "$(jq -c 'map(.model) | unique' pooled.log)" '["flow/model:cheapest"]' 'a wish is sent as a suffix'
same "$(of pooled '.counts.scored')/$(of pooled '.mixed_routes')/$(of pooled '.providers | length')" 40/true/3 'a mixture is scored, and called one'
says pooled.out 'mixed routes' 'the table flags it'
run page "$GAUNTLET" report last --db pooled.db -o pooled.html
says pooled.html 'mixed routes' 'the page flags it'

against any as_asked.yaml "allow_any_provider: true"
same "$(jq -c 'map(.model) | unique' any.log)" '["flow/model"]' 'without a provider the model goes alone'

config_of suffix.yaml https://router.huggingface.co/v1
sed -i 's|model: .*|model: flow/model:novita|' suffix.yaml
run suffix "$GAUNTLET" run suite.yaml -c suffix.yaml --sim --limit 3 --db suffix.db
same "$(sql suffix.db "SELECT model || ' ' || provider FROM endpoint")" 'flow/model novita' 'a provider at the end of the model is a provider'
same "$(sql suffix.db "SELECT DISTINCT model_echo FROM response")" 'flow/model:novita' 'and is sent as one'

# ---- What is refused --------------------------------------------------------------------------------------------------
config_of refused.yaml https://router.huggingface.co/v1
run refused "$GAUNTLET" run suite.yaml -c refused.yaml --sim
exits refused 2 'a router endpoint without a provider is refused, simulated or not'
says refused.err 'refused.yaml:7:12: .*names no provider' 'with its place'
says refused.err 'allow_any_provider: true' 'and what to do'
config_of billed.yaml https://api.example.org/v1 'headers: {X-HF-Bill-To: my-org}'
run billed "$GAUNTLET" check -c billed.yaml
exits billed 2 'X-HF-Bill-To for another host is refused'
config_of key.yaml https://router.huggingface.co/v1 'provider: novita' 'api_key: env:NOT_OURS' 'headers: {X-Scale-Up-Timeout: "600"}' 'limits: {timeout: 5m}' 'revision: main'
NOT_OURS=sk-canarykey run key env NOT_OURS=sk-canarykey "$GAUNTLET" check -c key.yaml
exits key 0 'a key of another service is a warning'
says key.out 'E5' 'it says so'
says key.out 'E6' 'a scale-up time that is cut short is a warning'
says key.out "E10 .*revision 'main' is no commit\|revision 'main' is no commit and may move: pin one" 'a revision that is a branch is a warning, without asking anybody'
says_not key.out 'canarykey' 'and does not show the key'

# ---- What is asked for is sent and recorded ----------------------------------------------------------------------------
config_of asks.yaml http://127.0.0.1:9/v1 'params: {response_format: {type: json_object}, logprobs: true, top_logprobs: 2, system_role: user}'
run asks "$GAUNTLET" run suite.yaml -c asks.yaml --dry-run 1
says asks.out '"response_format": *{' 'a response_format is sent'
run recorded "$GAUNTLET" run suite.yaml -c asks.yaml --sim --limit 1 --db recorded.db
same "$(sql recorded.db 'SELECT params_json FROM endpoint')" '{"max_tokens":1024,"logprobs":true,"top_logprobs":2,"system_role":"user","response_format":{"type":"json_object"}}' 'and recorded with the other parameters'

# ---- TGI reads markdown as an image --------------------------------------------------------------------------------------
mkdir markdown
sed 's/^name: .*/name: markdown/' set/dataset.yaml > markdown/dataset.yaml
head -n 2 set/samples.jsonl | sed '1s/Say CODEWORD1\./See ![it](x.png)./' > markdown/samples.jsonl
suite_of markdown.yaml markdown
config_of tgi.yaml http://127.0.0.1:9/v1
sed -i 's/model: .*/model: tgi/' tgi.yaml
run tgi "$GAUNTLET" check markdown.yaml -c tgi.yaml --json
same "$(jq -c '[.findings[] | select(.code == "S9" and .outcome == "warn") | .sample]' tgi.out)" '["s1"]' 'a text that TGI may take for an image is named'

# ---- A redirect takes neither token nor payer along --------------------------------------------------------------------
start_sim --profile as_asked.yaml --dataset set --seed 3
second=$SIM_URL
printf 'version: 1\nfaults: [{kind: 307, rate: 1, location: "%s/chat/completions"}]\n' "$second" > redirect.yaml
start_sim --profile redirect.yaml --dataset set --seed 3
config_of redirected.yaml "$SIM_URL" 'provider: novita' 'api_key: env:CANARY' 'headers: {X-HF-Bill-To: my-org}'
run redirected env CANARY=hf_canary "$GAUNTLET" run suite.yaml -c redirected.yaml --db redirected.db
same "$(curl -s "${second%/v1}/sim/log" | jq 'map(select(.method == "POST")) | length')" 0 'nothing reaches the second server'
same "$(curl -s "${SIM_URL%/v1}/sim/log" | jq 'map(select(.method == "POST")) | length > 0')" true 'the first one was asked'
done_testing
