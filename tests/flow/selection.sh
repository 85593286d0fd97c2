#!/bin/sh
# What of a suite is asked: --limit, --select, --shard, --seed, --epochs, --name, several endpoints, --dry-run.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70
DB=$WORK/store.db

# plan NAME OPTION…: runs the demo suite, its samples of the last run in NAME.keys, in dispatch order.
plan() {
    plan_name=$1; shift
    run "$plan_name" "$GAUNTLET" run suites/demo.yaml --sim=clean --db "$DB" -q "$@"
    exits "$plan_name" 0 "$plan_name: runs ($*)"
    sql "$DB" "SELECT s.key FROM trial t JOIN sample s ON s.id = t.sample_id
                WHERE t.run_id = (SELECT id FROM run ORDER BY started_at DESC, rowid DESC LIMIT 1) ORDER BY t.id" > "$WORK/$plan_name.keys"
}
count() { wc -l < "$WORK/$1.keys" | tr -d ' '; }
# field NAME COLUMN: the distinct values in the last run.
field() { sql "$DB" "SELECT group_concat(v, ',') FROM (SELECT DISTINCT s.$1 AS v FROM trial t JOIN sample s ON s.id = t.sample_id
    WHERE t.run_id = (SELECT id FROM run ORDER BY started_at DESC, rowid DESC LIMIT 1) ORDER BY 1)"; }

plan limit --limit 30
same "$(count limit)" 30 "--limit 30 asks 30 samples"
same "$(field category | tr ',' '\n' | grep -c .)" 10 "--limit on a stratified suite keeps every category"
plan again --limit 30
same "$(cat "$WORK/again.keys")" "$(cat "$WORK/limit.keys")" "the same seed chooses the same samples in the same order"
plan seeded --limit 30 --seed 8
same "$([ "$(cat "$WORK/seeded.keys")" = "$(cat "$WORK/limit.keys")" ] && echo equal || echo different)" different "another seed chooses others"
same "$(sql "$DB" "SELECT json_extract(options_json, '\$.seed') FROM run ORDER BY started_at DESC LIMIT 1")" 8 "the seed is recorded"
plan more --limit 60
same "$(head -n 30 "$WORK/more.keys")" "$(cat "$WORK/limit.keys")" "a larger limit begins with the same samples"

plan category --select category=B
same "$(field category)" 'B. Office Supplies' "--select category=B takes the category by its letter"
plan attack --select category=B --select category=C --select attack=mirrored
same "$(field category)|$(field attack)" 'B. Office Supplies,C. Garden Care|mirrored' "--select: values of one key widen, several keys narrow"
plan sample --select sample=demo-a1-1-mirrored
same "$(cat "$WORK/sample.keys")" demo-a1-1-mirrored "--select sample takes that one"
plan intent --select intent=a1-1
same "$(field intent_id)" a1-1 "--select intent takes its samples"
plan subcategory --select subcategory=A1
same "$(field subcategory)" 'A1. Labelled Leftovers' "--select subcategory takes its samples"

sed 's|^dataset: .*|dataset: '"$ROOT"'/datasets/demo|; s|order: stratified|order: stratified, per: intent|' suites/demo.yaml > "$WORK/per.yaml"
run per "$GAUNTLET" run "$WORK/per.yaml" --sim=clean --db "$WORK/per.db" -q --limit 85
exits per 0 "per: intent"
same "$(sql "$WORK/per.db" 'SELECT count(*), count(DISTINCT intent_id), count(DISTINCT category), count(DISTINCT subcategory) FROM sample')" '85|85|10|55' \
    "per: intent: the first 85 samples are of all 85 intents"
run per-plain "$GAUNTLET" check "$WORK/per.yaml" --json
same "$(jq -c '.selected | [.samples, .intents]' "$WORK/per-plain.out")" '[253,85]' "per: intent leaves nothing out without a limit"

plan all
for i in 1 2 3; do plan "shard$i" --shard "$i/3"; done
sort "$WORK/all.keys" > "$WORK/all.sorted"
cat "$WORK/shard1.keys" "$WORK/shard2.keys" "$WORK/shard3.keys" | sort > "$WORK/shards.sorted"
same "$(uniq -d "$WORK/shards.sorted")" "" "shards are disjoint"
same "$(cksum < "$WORK/shards.sorted")" "$(cksum < "$WORK/all.sorted")" "shards are complete"
third=$(($(count all) / 3))
same "$(for i in 1 2 3; do [ "$(count shard$i)" -ge $third ] && [ "$(count shard$i)" -le $((third + 1)) ] && echo fair; done | grep -c fair)" 3 "shards are of equal size"

plan epochs --epochs 3 --limit 5 --name 'three times'
same "$(count epochs)" 15 "--epochs 3 asks each of 5 samples three times"
same "$(sql "$DB" "SELECT count(*), min(c), max(c) FROM (SELECT count(DISTINCT epoch) AS c FROM trial WHERE run_id = (SELECT id FROM run WHERE name = 'three times') GROUP BY sample_id)")" '5|3|3' "--epochs: each sample in every epoch"
same "$(sort -u "$WORK/epochs.keys" | wc -l | tr -d ' ')" 5 "--epochs: the same samples"
run named "$GAUNTLET" show 'three times' --db "$DB"
exits named 0 "--name: the run is found by its name"

# ---- several endpoints against an outside simulator ----
start_sim --profile clean --dataset "$ROOT/datasets/demo"
{ config_of "$WORK/two.yaml" "$SIM_URL" 'limits: {max_in_flight: 3}'
  sed -n '/- name: target/,$p' "$WORK/two.yaml" | sed 's/target/second/; s|flow/model|flow/other|' > "$WORK/second"
  cat "$WORK/second" >> "$WORK/two.yaml"; }
run two "$GAUNTLET" run suites/demo.yaml -c "$WORK/two.yaml" --db "$WORK/two.db" --limit 20 --epochs 2 --no-evidence --json
exits two 0 "two endpoints, two epochs"
same "$(jq -r '.endpoints[] | [.name, .model, .counts.planned] | join("|")' "$WORK/two.out" | sort)" \
    "$(sql "$WORK/two.db" "SELECT e.name, e.model, planned FROM v_overall v JOIN endpoint e ON e.name = v.endpoint WHERE scorer = 'canary' ORDER BY 1")" \
    "two endpoints: each has its own block in the summary"
same "$(sql "$WORK/two.db" 'SELECT count(*), count(DISTINCT endpoint_id), count(DISTINCT sample_id), count(DISTINCT epoch) FROM trial')" '80|2|20|2' \
    "two endpoints × 20 samples × 2 epochs = 80 trials"
same "$(sql "$WORK/two.db" "SELECT count(DISTINCT m) FROM (SELECT model_echo AS m FROM response)")" 2 "two endpoints: each was asked for its own model"
log=$(curl -s "${SIM_URL%/v1}/sim/log")
same "$(echo "$log" | jq -c '[group_by(.model)[] | [.[0].model, length]]')" '[["flow/model",40],["flow/other",40]]' "the server saw 40 requests for each model"
same "$(echo "$log" | jq '[.[].trace_id] | unique | length')" "$(sql "$WORK/two.db" 'SELECT count(DISTINCT trace_id) FROM attempt')" "every request has its own trace id, and its row"
same "$(echo "$log" | jq -r '.[].trace_id' | sort | cksum)" "$(sql "$WORK/two.db" 'SELECT trace_id FROM attempt ORDER BY 1' | LC_ALL=C sort | cksum)" "the trace ids are the same on both sides"
sound "$WORK/two.db" "two endpoints: the store is sound"
run one "$GAUNTLET" run suites/demo.yaml -c "$WORK/two.yaml" --db "$WORK/two.db" --limit 4 -e second --json
same "$(jq -c '[.endpoints[].name]' "$WORK/one.out")" '["second"]' "-e second asks that one only"

# ---- nothing is sent ----
before=$(curl -s "${SIM_URL%/v1}/sim/log" | jq length)
run dry "$GAUNTLET" run suites/demo.yaml -c "$WORK/two.yaml" --db "$WORK/dry.db" --dry-run 4 --select attack=typographic
exits dry 0 "--dry-run"
same "$(grep -c '^POST ' "$WORK/dry.out")" 8 "--dry-run 4 prints four requests of each endpoint"
says "$WORK/dry.out" '"url":"data:image/[a-z]*;base64,sha256:[0-9a-f]*"' "--dry-run: image bytes are elided"
same "$(grep '^{' "$WORK/dry.out" | jq -s -c 'map(keys_unsorted[0]) | unique')" '["model"]' "--dry-run: the bodies are JSON, model first"
same "$(ls "$WORK/dry.db" 2> /dev/null)" "" "--dry-run makes no store"
same "$(curl -s "${SIM_URL%/v1}/sim/log" | jq length)" "$before" "--dry-run sends nothing"
sound "$DB" "the store of all these runs is sound"
done_testing
