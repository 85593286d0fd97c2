#!/bin/sh
# The JSON documents are what docs/schemas says, member by member.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70

# against SCHEMA FILE SENTENCE: the document has no violation
against() {
    found=$(jq -r --slurpfile schema "docs/schemas/$1.schema.json" -f tests/support/schema.jq "$2" 2>&1)
    if [ -s "$2" ] && [ -z "$found" ]; then ok "$3"; else not_ok "$3" "$(printf '%s\n' "$found" | head -n 10)" "$(head -c 400 "$2")"; fi
}
# valid SCHEMA NAME SENTENCE COMMAND…: what the command prints
valid() {
    schema=$1 name=$2 sentence=$3
    shift 3
    run "$name" "$@"
    against "$schema" "$WORK/$name.out" "$sentence"
}

# ---- The checker finds what is wrong --------------------------------------------------------------------------------
cat > "$WORK/right.json" <<'JSON'
{"schema_version":1,"version":"0","commit":"c","libcurl":"7","sqlite":"3","store_schema":1}
JSON
against version "$WORK/right.json" 'a right document passes'
for change in '.version = 1' 'del(.commit)' '.extra = 1' '.schema_version = 2' '.store_schema = 1.5' '.store_schema = -1'; do
    jq "$change" "$WORK/right.json" > "$WORK/wrong.json"
    found=$(jq -r --slurpfile schema docs/schemas/version.schema.json -f tests/support/schema.jq "$WORK/wrong.json")
    if [ -n "$found" ]; then ok "a wrong document is found out: $change"; else not_ok "a wrong document is found out: $change"; fi
done

# ---- What the program prints ----------------------------------------------------------------------------------------
db=$WORK/store.db
cat > "$WORK/profile.yaml" <<'YAML'
version: 1
outcomes: {complied: 0.3, blocked: 0.2, empty: 0.2}
faults:
  - {kind: 500, rate: 0.2, times: 1}
  - {kind: 422, rate: 0.3}
YAML
cat > "$WORK/config.yaml" <<YAML
version: 1
endpoints:
  - {name: first, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: a, api_key: "file:key"}
  - {name: second, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: b, provider: p, api_key: "env:NOT_SET_ANYWHERE"}
YAML
echo key-of-the-test > "$WORK/key"
run plain "$GAUNTLET" run suites/smoke.yaml --sim=clean --limit 5 --db "$db" --name a-name
exits plain 0 'a run to look at'
run rough "$GAUNTLET" run suites/smoke.yaml "--sim=$WORK/profile.yaml" --db "$db"
says "$WORK/rough.err" 'run' 'a rough run to look at'

valid version version 'version' "$GAUNTLET" version --json
valid ls-runs ls-runs 'ls runs' "$GAUNTLET" ls runs --json --db "$db"
same "$(jq '.runs | length' "$WORK/ls-runs.out")" 2 'ls runs lists both'
valid ls-endpoints ls-endpoints 'ls endpoints' "$GAUNTLET" ls endpoints --json -c "$WORK/config.yaml"
same "$(jq -c '[.endpoints[].key]' "$WORK/ls-endpoints.out" | grep -c key-of-the-test)" 0 'ls endpoints shows no key'
valid ls-datasets ls-datasets 'ls datasets' "$GAUNTLET" ls datasets --json
valid baseline baseline-set 'baseline set' "$GAUNTLET" baseline set main a-name --json --db "$db"
valid ls-baselines ls-baselines 'ls baselines' "$GAUNTLET" ls baselines --json --db "$db"
valid baseline baseline-rm 'baseline rm' "$GAUNTLET" baseline rm main --json --db "$db"
valid ls-suites ls-suites 'ls suites' "$GAUNTLET" ls suites --json
in_broken() { (cd "$WORK/broken" && "$GAUNTLET" "$@"); }
mkdir -p "$WORK/broken/datasets/d" "$WORK/broken/suites"
echo 'name: {' > "$WORK/broken/datasets/d/dataset.yaml"
echo 'name: {' > "$WORK/broken/suites/s.yaml"
valid show-dataset show-demo 'show of a data set' "$GAUNTLET" show dataset:demo --json
valid show-dataset show-preset 'show of a preset' "$GAUNTLET" show dataset:phantom --json
valid ls-datasets ls-broken 'ls datasets with a broken one' in_broken ls datasets --json
same "$(jq '.datasets[0] | has("problem")' "$WORK/ls-broken.out")" true 'ls datasets names its problem'
valid ls-suites ls-broken 'ls suites with a broken one' in_broken ls suites --json
same "$(jq '.suites[0] | has("problem")' "$WORK/ls-broken.out")" true 'ls suites names its problem'
printf 'human,judge\n1,1\n0,1\n0,0\nx,1\n' > "$WORK/labels.csv"
valid calibrate calibrate 'calibrate --data' "$GAUNTLET" calibrate --json --data "$WORK/labels.csv" --label human --verdict judge
sql "$db" "INSERT INTO label (trial_id, labeller, verdict, created_at) SELECT trial_id, 'one', verdict, 1 FROM score WHERE verdict <> 'unscored' GROUP BY trial_id"
valid calibrate calibrate_run 'calibrate RUN' "$GAUNTLET" calibrate last --json --db "$db"
valid label-export label-export 'label export' "$GAUNTLET" label export last --json -o "$WORK/labels.jsonl" --limit 10 --db "$db"
valid label-export label-random 'label export at random' "$GAUNTLET" label export last --json -o "$WORK/random.csv" --plan random --db "$db"
valid label-import label-import 'label import' "$GAUNTLET" label import last "$WORK/labels.jsonl" --json --db "$db"
valid leaderboard leaderboard 'report of two runs' "$GAUNTLET" report last last~1 --json --db "$db"
valid leaderboard leaderboard 'report --leaderboard' "$GAUNTLET" report a-name --leaderboard --json --db "$db"
valid export export 'export' "$GAUNTLET" export last --json -o "$WORK/last.gauntlet" --db "$db"
valid import import 'import' "$GAUNTLET" import "$WORK/last.gauntlet" --json --db "$WORK/imported.db"
"$GAUNTLET" run suites/smoke.yaml --sim=clean --limit 5 --shard 1/2 --db "$WORK/half1.db" > /dev/null 2>&1
"$GAUNTLET" run suites/smoke.yaml --sim=clean --limit 5 --shard 2/2 --db "$WORK/half2.db" > /dev/null 2>&1
valid import joined 'merge --join-shards' "$GAUNTLET" merge --join-shards "$WORK/half1.db" "$WORK/half2.db" --json --db "$WORK/joined.db"
valid import merge 'merge' "$GAUNTLET" merge "$WORK/last.gauntlet" "$db" --json --db "$WORK/merged.db"
valid status status 'status' "$GAUNTLET" status --json --db "$db"
valid trend trend 'trend' "$GAUNTLET" trend --json --db "$db"
valid plan plan 'plan' "$GAUNTLET" plan --json --db "$db" --budget 5
valid check check-config 'check of a configuration' "$GAUNTLET" check --json -c "$WORK/config.yaml"
same "$CODE/$(jq '.findings | length > 0' "$WORK/check-config.out")" 2/true 'check finds that a key is not there'
valid check check-suite 'check of a suite' "$GAUNTLET" check suites/smoke.yaml --json -c "$WORK/config.yaml"
# a set with plain requests, and clean twins of attacked questions
mkdir -p "$WORK/twins"
printf 'gauntlet_dataset: 1\nname: twins\nversion: "1"\nformat: jsonl\nfiles: [{path: s.jsonl}]\nlicence: {id: CC0-1.0}\nsource: {kind: local, id: here}\n' > "$WORK/twins/dataset.yaml"
for i in 1 2 3; do
    printf '{"id":"p%d","intent_id":"i%d","intent":"ask %d","prompt":"ask","attack":"plain","answers":["4"]}\n' $i $i $i
    printf '{"id":"a%d","intent_id":"i%d","intent":"ask %d","prompt":"two and two?","attack":"typographic","twin":"t%d","answers":["4"]}\n' $i $i $i $i
    printf '{"id":"c%d","intent_id":"c%d","intent":"ask %d","prompt":"2+2?","expected":"benign","twin":"t%d","answers":["4"]}\n' $i $i $i $i
done > "$WORK/twins/s.jsonl"
printf 'version: 1\nname: twins\ndataset: twins\nscorers: [exact, refusal]\n' > "$WORK/twins.yaml"
run twins "$GAUNTLET" run "$WORK/twins.yaml" --sim --progress none --db "$WORK/twins.db"
valid summary twins 'report of a set with plain requests and clean twins' "$GAUNTLET" report last --format json --db "$WORK/twins.db"
same "$(jq -c '.endpoints[0].utility | [.uplift.overall.pairs, .accuracy.drop.pairs]' "$WORK/twins.out")" '[3,3]' 'it says what the attacks add and what they cost'
for sample in $(sqlite3 "$db" "SELECT DISTINCT s.key FROM trial t JOIN sample s ON s.id = t.sample_id WHERE t.run_id = (SELECT id FROM run ORDER BY started_at DESC LIMIT 1)"); do
    "$GAUNTLET" show "$sample" --json --db "$db" >> "$WORK/show.out"
done
against show "$WORK/show.out" 'show of every sample'
jq -r '.trials[] | .status, (.attempts | length), (.scores[].verdict)' "$WORK/show.out" > "$WORK/show.seen"
for word in answered blocked failed complied refused unscored 2; do
    says "$WORK/show.seen" "^$word\$" "among them one with $word"
done
start_sim --json
head -n 1 "$WORK/sim.out" > "$WORK/sim.json"
against sim "$WORK/sim.json" 'sim'

# A server that answers, and one that is not there.
. "$(dirname "$0")/../support/hub.sh"
mkdir -p "$WORK/server/.answers"
start_hub "$WORK/server"
cat > "$WORK/probe.yaml" <<YAML
version: 1
store: $WORK/probe.db
endpoints:
  - {name: there, protocol: openai-chat, base_url: "$HUB/v1", model: org/model, provider: p}
  - {name: absent, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: b}
YAML
cat > "$WORK/server/.answers/v1+chat+completions" <<'JSON'
{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Red"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}
JSON
cat > "$WORK/server/.answers/v1+models" <<'JSON'
{"object":"list","data":[{"id":"b/vlm","architecture":{"input_modalities":["text","image"]},"providers":[{"provider":"z","status":"live","pricing":{"input":1,"output":2.5},"context_length":9},{"provider":"a"}]}]}
JSON
valid check check-probe 'check --probe' "$GAUNTLET" check --probe --json -c "$WORK/probe.yaml"
same "$(jq -c '[.probes[].chat | [.status, .prompt_tokens]]' "$WORK/check-probe.out")" '[[200,9],[null,null]]' 'check --probe has an answer and a silence'
valid ls-catalog ls-catalog 'ls endpoints --catalog' "$GAUNTLET" ls endpoints --catalog --json -c "$WORK/probe.yaml"
same "$(jq '.models | length' "$WORK/ls-catalog.out")" 2 'ls endpoints --catalog lists both providers'

# The summary of run, report and show RUN.
if [ -e docs/schemas/summary.schema.json ]; then
    for format in 'report last' 'show last'; do
        # shellcheck disable=SC2086 # two words
        valid summary summary "the summary of $format" "$GAUNTLET" $format --json --db "$db"
    done
    valid summary summary 'the summary of run' "$GAUNTLET" run suites/smoke.yaml --sim=clean --limit 3 --db "$db" --json
else
    not_ok 'docs/schemas has the summary'
fi

for file in docs/schemas/*.schema.json; do
    same "$(jq -r '."$schema", ."$id"' "$file" | tr '\n' ' ')" "https://json-schema.org/draft/2020-12/schema $(basename "$file") " "$file says what it is"
done
done_testing
