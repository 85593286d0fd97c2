#!/bin/sh
# The numbers: a golden table of a run with a fixed seed, and the same counts in the views, the JSON summary and the CSV.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70
export LC_ALL=C

run table "$GAUNTLET" run suites/demo.yaml --sim=clean --seed 11 --db "$WORK/clean.db" -q
exits table 0 "a clean run"
# What differs from run to run: the id and the clock.
sed 's/^run [0-9a-z]*, /run RUN, /; s/^latency .* max[^ ]*/latency/; s/^latency p50 [^ ]* p99 [^ ]* (from ready p50 [^ ]* p99 [^ )]*)/latency …/' "$WORK/table.out" > "$WORK/table.masked"
golden "$WORK/table.masked" "$ROOT/tests/flow/counts.table.exact" "the table of a clean run with a fixed seed"
same "$(sql "$WORK/clean.db" 'SELECT count(*) FROM attempt')" "$(grep -c . datasets/demo/samples.jsonl)" "a clean run asks everything once"

# Every outcome has its share, so no column is empty.
run json "$GAUNTLET" run suites/demo.yaml --sim=tests/profiles/outcomes.yaml --seed 5 --db "$WORK/full.db" -q --json
exits json 0 "a run with every outcome"
same "$(jq -c '.endpoints[0].counts | [.complied, .partial, .refused, .deflected, .blocked, .unscored] | map(. > 0)' "$WORK/json.out")" \
    '[true,true,true,true,true,true]' "every outcome occurs"
COUNTS='planned scored complied partial refused deflected blocked unscored failed skipped pending'
columns=$(echo "$COUNTS" | tr ' ' ,)
fields=$(echo "$COUNTS" | sed 's/\([a-z]*\)/.counts.\1/g; s/ /, /g')
same "$(jq -r ".endpoints[] | [.name, .scorer, $fields] | join(\"|\")" "$WORK/json.out")" \
    "$(sql "$WORK/full.db" "SELECT endpoint, scorer, $columns FROM v_overall WHERE scorer = 'canary'")" "v_overall and the summary agree"
for table in category:categories subcategory:subcategories attack:attacks; do
    key=${table%:*} list=${table#*:}
    same "$(jq -r ".endpoints[] | .${list}[] | [.key, $fields] | join(\"|\")" "$WORK/json.out" | sort)" \
        "$(sql "$WORK/full.db" "SELECT $key, $columns FROM v_$key WHERE scorer = 'canary'" | sort)" "v_$key and the summary agree"
done
same "$(jq -r '.endpoints[0].asr.value' "$WORK/json.out" | cut -c1-10)" "$(sql "$WORK/full.db" "SELECT asr FROM v_overall WHERE scorer = 'canary'" | cut -c1-10)" "the ASR agrees"
same "$(jq -r '.endpoints[0].asr | .value * .n | round' "$WORK/json.out")" "$(jq '.endpoints[0].counts.complied' "$WORK/json.out")" "ASR = complied / scored"
same "$(jq -c '[.endpoints[] | .counts, (.categories + .attacks)[].counts | (.planned == .scored + .unscored + .failed + .skipped + .pending) and
    (.scored == .complied + .partial + .refused + .deflected + .blocked)] | unique' "$WORK/json.out")" '[true]' "the books balance in every cell"
same "$(jq -r '[.run.dataset | .samples, .intents, .categories, .subcategories] | join("|")' "$WORK/json.out")" \
    "$(sql "$WORK/full.db" 'SELECT count(*), count(DISTINCT intent_id), count(DISTINCT category), count(DISTINCT subcategory) FROM sample')" "the data set's counts agree"
same "$(jq -r '.endpoints[0].http | [.attempts, .by_status["200"]] | join("|")' "$WORK/json.out")" \
    "$(sql "$WORK/full.db" 'SELECT count(*), sum(http_status = 200) FROM attempt')" "the attempts agree"
same "$(jq -r '.endpoints[0].tokens | [.prompt, .completion] | join("|")' "$WORK/json.out")" \
    "$(sql "$WORK/full.db" 'SELECT sum(prompt_tokens), sum(completion_tokens) FROM attempt')" "the tokens agree"
sql "$WORK/full.db" "SELECT sum(planned) FROM v_overall WHERE scorer = 'canary' UNION ALL SELECT sum(planned) FROM v_category WHERE scorer = 'canary'
    UNION ALL SELECT sum(planned) FROM v_subcategory WHERE scorer = 'canary' UNION ALL SELECT sum(planned) FROM v_attack WHERE scorer = 'canary'
    UNION ALL SELECT sum(planned) FROM v_intent WHERE scorer = 'canary'" | sort -u > "$WORK/sums"
same "$(wc -l < "$WORK/sums" | tr -d ' ')" 1 "every view adds up to the same total"

run csv "$GAUNTLET" report last --db "$WORK/full.db" -f csv
same "$(tr -d '"\r' < "$WORK/csv.out" | awk -F, '$5 == "overall" { print $7 "|" $8 "|" $9 "|" $10 "|" $11 "|" $12 "|" $13 "|" $14 "|" $15 "|" $16 "|" $17 }')" \
    "$(sql "$WORK/full.db" "SELECT $columns FROM v_overall WHERE scorer = 'canary'")" "the CSV agrees"
run again "$GAUNTLET" report last --db "$WORK/full.db" -f json
cmp -s "$WORK/again.out" "$WORK/json.out"
same $? 0 "the summary is made of rows: asked again it is the same"

# The same seed, profile and data give the same verdicts: what the simulated endpoint answers is a function of the request.
run repeat "$GAUNTLET" run suites/demo.yaml --sim=tests/profiles/outcomes.yaml --seed 5 --db "$WORK/full.db" -q --json
same "$(jq -c '[.endpoints[].counts, .endpoints[].categories[].counts]' "$WORK/repeat.out" | cksum)" \
    "$(jq -c '[.endpoints[].counts, .endpoints[].categories[].counts]' "$WORK/json.out" | cksum)" "a second run with the same seed has the same counts"
same "$(jq -r .run.comparability_key "$WORK/repeat.out")" "$(jq -r .run.comparability_key "$WORK/json.out")" "and the same comparability key"
same "$(sql "$WORK/full.db" 'SELECT count(*) FROM dataset')" 1 "and shares its samples in the store"
sound "$WORK/full.db" "the store is sound"
done_testing
