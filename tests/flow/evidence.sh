#!/bin/sh
# What is known of the systems under test: who is asked what, how sure that makes us, what changed, and where tokens go.
. "$(dirname "$0")/../support/flow.sh"
. "$(dirname "$0")/../support/hub.sh"
cd "$WORK" || exit 70

SHA=0123456789abcdef0123456789abcdef01234567
OTHER=89abcdef0123456789abcdef0123456789abcdef
text_set set 2
suite_of suite.yaml set
mkdir -p hub server/.answers hub/.answers elsewhere
start_hub server
SERVER=$HUB
start_hub hub
chat() { printf '{"id":"x","object":"chat.completion","model":"%s","system_fingerprint":"f","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"I cannot help with that."}}]}' "$1"; }
says_at() { printf '%s' "$2" > "server/.answers/$1"; }
hub_says() { printf '%s' "$2" > "hub/.answers/api+models+$1"; }
forget_server() { rm -f server/.answers/*; chat flow/model > server/.answers/v1+chat+completions; : > server/.log; : > hub/.log; }
of() { sql "$1" "SELECT coalesce(revision_observed, '-') || ' ' || evidence FROM endpoint ORDER BY id DESC LIMIT 1"; }
model_row() { printf '{"_id":"1","id":"org/model","sha":"%s","lastModified":"2026-01-02T03:04:05.000Z","gated":"manual","private":false,"author":"org","tags":["safetensors","license:apache-2.0"],"siblings":[{"rfilename":"model.safetensors"},{"rfilename":"old.bin"}],"cardData":{"license":"apache-2.0"},"inferenceProviderMapping":%s}' "$1" "$2"; }
router_row() { printf '{"id":"org/model","object":"model","architecture":{"input_modalities":["text"],"output_modalities":["text"]},"providers":[{"provider":"novita","status":"live","context_length":32768,"pricing":{"input":%s,"output":3.38},"first_token_latency_ms":1490,"throughput":24.69},{"provider":"featherless-ai","status":"live"}]}' "$1"; }

# ---- A server that says what it serves ---------------------------------------------------------------------------------
forget_server
says_at info "{\"model_id\":\"org/model\",\"model_sha\":\"$SHA\",\"model_dtype\":\"torch.float16\",\"version\":\"2.4.1\",\"sha\":null}"
config_of tgi.yaml "$SERVER/v1" 'api_key: env:ENDPOINT_KEY'
run tgi env ENDPOINT_KEY=sk-canary-endpoint HF_TOKEN=hf_canary_hub "$GAUNTLET" run suite.yaml -c tgi.yaml --db tgi.db --json
exits tgi 0 'a run against a server that tells its commit'
same "$(of tgi.db)" "$SHA verified" 'is verified'
same "$(jq -r '.endpoints[0].revision.evidence + " " + .endpoints[0].provenance.server.version' tgi.out)" 'verified 2.4.1' 'the summary says so'
same "$(sql tgi.db "SELECT group_concat(DISTINCT phase) FROM (SELECT phase FROM evidence WHERE kind = 'server-info' AND http_status = 200 ORDER BY at)")" start,end 'it was asked at the start and at the end'
same "$(sql tgi.db "SELECT count(*) FROM evidence WHERE sha256 IS NULL AND problem IS NULL")" 0 'every answer has its hash'
same "$(sql tgi.db "SELECT count(*) FROM evidence WHERE kind = 'server-props' AND problem LIKE '%404%'")" 2 'a page that is not there is recorded as that'
same "$(wc -l < hub/.log)" 0 'the Hub was not asked about a model without a revision'
sound tgi.db 'the store is sound'

run same "$GAUNTLET" run suite.yaml -c tgi.yaml --db tgi.db
says_at info "{\"model_id\":\"org/model\",\"model_sha\":\"$OTHER\",\"version\":\"2.4.1\"}"
run drift env ENDPOINT_KEY=k "$GAUNTLET" run suite.yaml -c tgi.yaml --db tgi.db
exits drift 0 'a server with other weights is run against'
says drift.err "changed since its last run: server.revision: $SHA -> $OTHER" 'the change since the last run is told at once'
same "$(sql tgi.db "SELECT count(*) FROM event WHERE kind = 'drift'")" 1 'an event keeps it'
says drift.out 'drift: since its last run' 'the table shows it'
run page "$GAUNTLET" report last --db tgi.db -o drift.html
says drift.html 'since its last run: server.revision' 'so does the page'

# ---- A server that is exchanged during a run: its answers are held back until it was -------------------------------------
forget_server
says_at info "{\"model_id\":\"org/model\",\"model_sha\":\"$SHA\",\"version\":\"2.4.1\"}"
echo 'hub completions 0 status 503' > server/.faults
ENDPOINT_KEY=k "$GAUNTLET" run suite.yaml -c tgi.yaml --db during.db > during.out 2> during.err &
RUNNING=$!
until_true grep -q 'POST 503' server/.log || not_ok 'the run has begun'
says_at info "{\"model_id\":\"org/model\",\"model_sha\":\"$OTHER\",\"version\":\"2.4.1\"}"
rm server/.faults
wait "$RUNNING"
same "$?" 0 'a run whose server was exchanged ends'
same "$(of during.db)" "$SHA verified" 'what was seen at its start stays'
says during.err "changed during the run: server.revision: $SHA -> $OTHER" 'the change is told at its end'
same "$(sql during.db "SELECT drift FROM endpoint")" "during the run: server.revision: $SHA -> $OTHER" 'and kept with the endpoint'

# ---- A server of which only its operator knows ---------------------------------------------------------------------------
forget_server
says_at v1+models '{"object":"list","data":[{"id":"org/model","object":"model","owned_by":"vllm","root":"/models/x","max_model_len":4096}]}'
says_at version '{"version":"0.9.1"}'
hub_says "org+model+revision+main" "$(model_row "$SHA" '{}')"
config_of vllm.yaml "$SERVER/v1" 'revision: main'
sed -i 's|model: .*|model: org/model|' vllm.yaml
run vllm "$GAUNTLET" run suite.yaml -c vllm.yaml --db vllm.db
same "$(of vllm.db)" '- declared' 'a revision that only the configuration states is declared'
says vllm.err "revision 'main' is no commit and may move; now it is $SHA" 'a branch draws a warning with the commit to pin'
forget_server
config_of silent.yaml "$SERVER/v1"
run silent "$GAUNTLET" run suite.yaml -c silent.yaml --db silent.db
same "$(of silent.db)" '- none' 'of a server that tells nothing nothing is known'

# ---- Ollama ------------------------------------------------------------------------------------------------------------
forget_server
says_at api+tags '{"models":[{"name":"flow/model:latest","digest":"sha256:abc"}]}'
run ollama "$GAUNTLET" run suite.yaml -c silent.yaml --db ollama.db
same "$(of ollama.db)" 'sha256:abc verified' 'the digest of a manifest is an identity'

# ---- The router ----------------------------------------------------------------------------------------------------------
forget_server
says_at v1+models+org+model "$(router_row 1.69)"
hub_says "org+model+revision+HEAD" "$(model_row "$SHA" '[{"provider":"novita","hfModelId":"org/model","providerId":"nov/model-fp8","status":"live","task":"conversational"}]')"
config_of router.yaml "$SERVER/v1" 'provider: novita' 'price: router' 'api_key: env:ENDPOINT_KEY'
sed -i 's|model: .*|model: org/model|' router.yaml
run router env ENDPOINT_KEY=hf_canary_endpoint HF_TOKEN=hf_canary_hub "$GAUNTLET" run suite.yaml -c router.yaml --db router.db --json
exits router 0 'a run through a router'
same "$(of router.db)" "$SHA contemporaneous" 'what the Hub has at that time is contemporaneous, and no more'
same "$(sql router.db "SELECT price_input || ' ' || price_output || ' ' || price_source FROM endpoint")" '1.69 3.38 router' 'the price is the router'"'"'s'
same "$(jq -c '.endpoints[0].provenance | [.hub.gated, .hub.organisation, .hub.licence, .hub.formats, .mapping.provider_id, .router.context_length]' router.out)" '["manual","org","apache-2.0",["safetensors","pickle"],"nov/model-fp8",32768]' 'terms, owner, licence, formats and mapping are in the summary'
run text "$GAUNTLET" report last --db router.db --format text -v
says text.out "$SHA.*contemporaneous" 'the commit stands beside the word'
says_at v1+models+org+model "$(router_row 2.5)"
run dearer env ENDPOINT_KEY=hf_canary_endpoint HF_TOKEN=hf_canary_hub "$GAUNTLET" run suite.yaml -c router.yaml --db router.db
says dearer.err 'router.price_input: 1.69 -> 2.5' 'another price is told'

says_at v1+models+org+model '{"id":"org/model","providers":[{"provider":"novita","status":"error","pricing":{"input":1,"output":2}}]}'
run down env ENDPOINT_KEY=hf_canary_endpoint "$GAUNTLET" run suite.yaml -c router.yaml --db down.db
exits down 0 'a route that the router lists as broken is tried all the same'
says down.err "endpoint 'target': the router says: error" 'and told'
same "$(sql down.db "SELECT count(*) FROM event WHERE kind = 'route'")" 1 'as an event, too'

# ---- What a judge costs ----------------------------------------------------------------------------------------------------
start_sim --seed 1
cat > judged.yaml <<YAML
version: 1
store: judged.db
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$SIM_URL", model: flow/model, price: {input: 1, output: 1}}
  - {name: judge, protocol: openai-chat, base_url: "$SERVER/v1", model: org/model, provider: novita, price: router, api_key: env:ENDPOINT_KEY}
YAML
printf 'version: 1\nname: judged\ndataset: set\nscorers: [strongreject: {judges: [judge]}]\n' > judged-suite.yaml
run judged env ENDPOINT_KEY=hf_canary_endpoint "$GAUNTLET" run judged-suite.yaml -c judged.yaml -e target --db judged.db --budget 5
says_not judged.err 'needs its price' 'a budget is held with the price that the router tells of a judge'
same "$(sql judged.db "SELECT count(*) > 0 AND min(cost_upper_usd) > 0 FROM judge_attempt")" 1 'every question to it has its upper bound'
says_at v1+models+org+model '{"id":"org/model","providers":[{"provider":"novita","status":"live"}]}'
run unpriced env ENDPOINT_KEY=hf_canary_endpoint "$GAUNTLET" run judged-suite.yaml -c judged.yaml -e target --db unpriced.db --budget 5
exits unpriced 2 'a judge whose price the router does not tell holds no budget'
says unpriced.err "endpoint 'judge': a budget needs its price" 'and what to do'
run unasked env ENDPOINT_KEY=hf_canary_endpoint "$GAUNTLET" run judged-suite.yaml -c judged.yaml -e target --db unasked.db --no-evidence --budget 5
exits unasked 2 '--no-evidence does not ask for it'

# ---- Tokens ----------------------------------------------------------------------------------------------------------------
same "$(grep -c 'auth=ok' hub/.log)/$(grep 'GET' server/.log | grep -c 'auth=ok')" "4/0" 'the Hub got its token; the catalogue got none'
same "$(sql router.db .dump | cat - tgi.out router.out text.out | grep -c "canary[-_]\|[-_]canary")" 0 'no key is stored or shown'

# ---- Nobody there, nobody to be asked ------------------------------------------------------------------------------------
run mute env ENDPOINT_KEY=k "$GAUNTLET" run suite.yaml -c tgi.yaml --no-evidence --db mute.db
same "$(sql mute.db "SELECT count(*) FROM evidence")" 0 "--no-evidence asks nobody"
run sim "$GAUNTLET" run suite.yaml -c router.yaml --sim --db sim.db
same "$(sql sim.db 'SELECT count(*) FROM evidence')" 0 'a simulated run asks nobody'
HF_HUB_OFFLINE=1 run offline env ENDPOINT_KEY=hf_x HF_HUB_OFFLINE=1 "$GAUNTLET" run suite.yaml -c router.yaml --db offline.db
same "$(sql offline.db "SELECT problem FROM evidence WHERE kind = 'hub-model' LIMIT 1")" 'could not ask: HF_HUB_OFFLINE is set' 'silence is a recorded fact'
exits offline 0 'and stops nothing'

# ---- The probe -------------------------------------------------------------------------------------------------------------
forget_server
says_at v1+models+org+model "$(router_row 1.69)"
run unprobed "$GAUNTLET" check -c router.yaml
same "$(wc -l < server/.log)$(wc -l < hub/.log)" 00 'check without --probe sends nothing'
run probe env ENDPOINT_KEY=hf_canary_endpoint HF_TOKEN=hf_canary_hub "$GAUNTLET" check --probe -c router.yaml --json
exits probe 0 'a probe of an endpoint that answers'
same "$(grep -c 'POST' server/.log)" 4 'asks the model four times'
same "$(jq -c '.probes[0] | [[.further[].question], .learned]' probe.out)" '[["large-image","structured-output","unknown-provider"],{"structured_output_kept":false,"unknown_provider_refused":false}]' 'and learns from it'
same "$(jq -c '.probes[0] | [.endpoint, .evidence, .observed, .chat.status, .chat.model, .facts.mapping.provider_id]' probe.out)" "[\"target\",\"contemporaneous\",\"$SHA\",200,\"flow/model\",\"nov/model-fp8\"]" 'and says what was found'
same "$(jq -c '[.findings[] | select(.code == "E7") | .message | split(":")[0]]' probe.out)" '["image input is not listed for this model; it may still take images","x-inference-provider is absent","answers carry no usage","a provider that does not exist was accepted"]' 'with what to look at'
same "$(jq -S . probe/target.json | cksum)" "$(jq -S '.probes[0]' probe.out | cksum)" 'it is kept beside the store'
same "$(cat probe/target.json probe.out probe.err | grep -c canary)" 0 'without a key'
same "$(jq -c '.probes[0].chat.headers | [.[] | select(.name == "content-length") | .value] | length' probe.out)" 1 'with the headers of the reply'
run people env ENDPOINT_KEY=hf_canary_endpoint "$GAUNTLET" check --probe -c router.yaml
says people.out '^target, asked at 20' 'people get a dated block'
says people.out '^  evidence         contemporaneous$' 'with how sure it is'
says people.out "^  revision         $SHA\$" 'of which commit'
says people.out '^  price            1.69 in, 3.38 out, USD per million tokens$' 'at what price'
says people.out '^  model echo       flow/model$' 'and who answered'
chat 'ev\u001b[31mil' > server/.answers/v1+chat+completions
run hostile env ENDPOINT_KEY=hf_x "$GAUNTLET" check --probe -c router.yaml
says hostile.out '^  model echo       evil$' 'a hostile name is shown without its escapes'
same "$(grep -c "$(printf '\033')" hostile.out)" 0 'and harms no terminal'
forget_server
rm server/.answers/*
run dead env ENDPOINT_KEY=k "$GAUNTLET" check --probe -c tgi.yaml
exits dead 2 'a probe that gets no answer fails'
says dead.out 'E8 target: did not answer' 'and says so'
printf '{"error":{"message":"the key sk-canary-quoted is too old"}}' > server/.answers/v1+chat+completions
run quoted env ENDPOINT_KEY=sk-canary-quoted "$GAUNTLET" check --probe -c tgi.yaml --json
same "$(cat quoted.out quoted.err probe/target.json | grep -c canary)/$(jq -r '.probes[0].chat.body' quoted.out | grep -c 'the key \*\*\*\* is')" 0/1 'a key that the server quotes is not kept'
rm server/.answers/v1+chat+completions
for status in 401 403; do
    echo "hub completions 0 status $status" > server/.faults
    run refused env ENDPOINT_KEY=k "$GAUNTLET" check --probe -c tgi.yaml
    exits refused 3 "a probe whose key is refused with $status has its own exit code"
    says refused.out "E9 target: did not answer .*status $status" 'and says so'
done
rm server/.faults
config_of closed.yaml http://127.0.0.1:1/v1
run closed "$GAUNTLET" check --probe -c closed.yaml
exits closed 3 'an endpoint that cannot be reached has that exit code too'
grep -A 99 '^endpoints:' closed.yaml | sed -e 1d -e 's/target/absent/' | cat tgi.yaml - > two.yaml
run two env ENDPOINT_KEY=k "$GAUNTLET" check --probe -c two.yaml
exits two 2 'beside something worse it has not'
says two.out 'E9 absent' 'though both are told'

# ---- The catalogue ---------------------------------------------------------------------------------------------------------
run gone "$GAUNTLET" ls endpoints --catalog -c router.yaml
exits gone 3 'a router without a catalogue is an error'
says_at v1+models '{"object":"list","data":[{"id":"b/vlm","architecture":{"input_modalities":["text","image"]},"providers":[{"provider":"z","status":"live","pricing":{"input":1,"output":2.5},"context_length":9},{"provider":"a","status":"error\\u001b[31m"}]},{"id":"a/text","architecture":{"input_modalities":["text"]},"providers":[{"provider":"z"}]},7]}'
: > server/.log
run catalog env ENDPOINT_KEY=hf_k HF_TOKEN=hf_k "$GAUNTLET" ls endpoints --catalog -c router.yaml --json
same "$(jq -c '[.models[] | [.model, .provider, .price_output]]' catalog.out)" '[["b/vlm","z",2.5],["b/vlm","a",null]]' 'the catalogue lists models that read images, the cheapest first'
same "$(grep -c 'auth=none' server/.log)/$(grep -c 'auth=ok' server/.log)" 1/0 'it is asked without a token'
run table "$GAUNTLET" ls endpoints --catalog -c router.yaml
says table.out 'b/vlm *z *live *1 *2.5 *9' 'people get a table'
same "$(grep -c "$(printf '\033')" table.out)" 0 'that is safe for a terminal'
says_at v1+models '{"object":"list","data":[{"id":"a/text","architecture":{"input_modalities":["text"]},"providers":[{"provider":"z"}]}]}'
run blind "$GAUNTLET" ls endpoints --catalog -c router.yaml
exits blind 0 'a catalogue without a model that reads images is no error'
says blind.out 'lists 1 models, and none of them with image input' 'and says so'

# ---- Answers that name several models within a run: one trial fails, and is asked again when another answers ------------------
forget_server
echo 'hub completions 1 status 400' > server/.faults
config_of echo.yaml "$SERVER/v1"
run echo "$GAUNTLET" run suite.yaml -c echo.yaml --db echo.db
says_not echo.err 'changed during the run' 'one name in all answers is no drift'
chat flow/other | sed 's/"system_fingerprint":"f"/"system_fingerprint":"g"/' > server/.answers/v1+chat+completions
run again "$GAUNTLET" resume last --retry-failed -c echo.yaml --db echo.db
says again.err 'changed during the run: answers name 2 models; answers have 2 system fingerprints' 'several are told at the end'
same "$(sql echo.db 'SELECT drift FROM endpoint')" 'during the run: answers name 2 models; answers have 2 system fingerprints' 'and kept with the endpoint'
same "$(sql echo.db "SELECT count(*) FROM event WHERE kind = 'drift'")" 1 'as an event too'
done_testing
