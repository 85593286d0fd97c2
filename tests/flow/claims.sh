#!/bin/sh
# Claims of a suite in every format, and the files for model pages.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 60
sed -i 's|source: {kind: local, id: flow tests}|source: {kind: local, id: flow/bench}|' set/dataset.yaml
suite_of s.yaml set 'claims:' \
    '  - {metric: asr, comparator: "<=", value: 0.9, dataset: flow/bench, source: "https://example.org/card"}' \
    '  - {metric: asr, comparator: "<=", value: 0.05, dataset: other/bench, revision: 0123abc}' \
    '  - {metric: intent_any, comparator: "=", value: 0.3, tolerance: 0.15}' \
    '  - {metric: asr, comparator: ">=", value: 0.5, model: nobody/at-all}'
printf 'version: 1\noutcomes: {complied: 0.3}\n' > profile.yaml
run first "$GAUNTLET" run s.yaml --sim=profile.yaml --db store.db --seed 5
exits first 0 'a run of a suite with claims'
for format in html text json csv markdown junit; do run "$format" "$GAUNTLET" report last --db store.db -f "$format"; done
same "$(jq -c '[.endpoints[0].claims[] | [.metric, .verdict, .same_dataset]]' json.out)" \
    '[["asr","supported",true],["asr","contradicted",false],["intent_any","undecided",null]]' 'each claim has its verdict'
for format in html text markdown csv; do
    for verdict in supported contradicted undecided; do
        says "$format.out" "%: $verdict; measured" "$format has the claim that is $verdict"
    done
done
says text.out 'claimed on another data set, other/bench' 'a claim on another data set says so'
says junit.out 'failures="1" errors="0" skipped="1"' 'JUnit: contradicted is a failure, undecided is skipped'
says junit.out '<failure message="contradicted" type="claim"/>' 'JUnit names the verdict'

run wrong "$GAUNTLET" check s.yaml
sed 's/comparator: "<="/comparator: "=<"/' s.yaml > wrong.yaml
run wrong "$GAUNTLET" run wrong.yaml --sim --db store.db
exits wrong 2 'an unknown comparator is an error'
says wrong.err 'wrong.yaml:[0-9]*:[0-9]*: .*comparator' 'that shows the place'

# ---- For model pages ------------------------------------------------------------------------------------------------
run results "$GAUNTLET" report last --db store.db -f eval-results
exits results 0 'a file for .eval_results'
percent=$(jq '.endpoints[0].asr.value * 100' json.out | awk '{ printf "%.2f", $1 }')
says results.out "^  value: $percent\$" 'with the ASR of JSON in percent'
says results.out '^    id: "flow/bench"$' 'of the data set'
says results.out '^    task_id: "default"$' 'and its task'
says results.out '^  date: "20[0-9-]*"$' 'the date is a string'
says_not results.out 'verif' 'nothing says that it was verified'
run index "$GAUNTLET" report last --db store.db -f model-index --dataset an/other
exits index 0 'a model-index'
says index.out 'value: 0\.[0-9]*$' 'has fractions'
says index.out '^      type: "an/other"$' 'of the data set that was named'
if command -v python3 > /dev/null && python3 -c 'import yaml' 2> /dev/null; then
    run parse python3 -c 'import sys, yaml
r = yaml.safe_load(open("results.out")); m = yaml.safe_load(open("index.out"))
assert r[0]["dataset"]["id"] == "flow/bench" and isinstance(r[0]["date"], str) and isinstance(r[0]["value"], float)
x = m["model-index"][0]["results"][0]
assert x["task"]["type"] and x["dataset"]["name"] and [i["type"] for i in x["metrics"]][0] == "attack_success_rate"'
    exits parse 0 'a YAML reader reads both'
else
    skip 'a YAML reader reads both' 'python3 has no yaml'
fi
run what-if "$GAUNTLET" report last --db store.db -f eval-results --errors-as refused
exits what-if 2 'a what-if is not published'
run nodataset "$GAUNTLET" report last --db store.db -f eval-results --dataset 'no repository'
exits nodataset 2 'nor a data set that is none of the Hub'
printf 'version: 1\nfaults: [{kind: 422, rate: 0.5}]\n' > half.yaml
run half "$GAUNTLET" run s.yaml --sim=half.yaml --db store.db
run incomplete "$GAUNTLET" report last --db store.db -f model-index
exits incomplete 2 'nor a run that is not complete'
done_testing
