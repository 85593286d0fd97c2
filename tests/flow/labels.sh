#!/bin/sh
# Answers go out to people and their verdicts come back: draws are repeatable and blind, a file is imported whole or not at all.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
cat > config.yaml <<YAML
version: 1
store: $WORK/l.db
endpoints: [{name: target, protocol: openai-chat, base_url: http://127.0.0.1:9/v1, model: m}]
YAML
printf 'version: 1\nname: l\ndataset: %s\nscorers: [canary, {refusal: {preset: jbb-13}}]\n' "$ROOT/datasets/demo" > suite.yaml
printf 'version: 1\noutcomes: {complied: 0.3, deflected: 0.2}\n' > profile.yaml
run run "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none
run again "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none
count() { sql l.db "SELECT count(*) FROM label"; }

# ---- export ----
run out "$GAUNTLET" label export last -o out.csv --json --limit 40 --seed 3
exits out 0 "answers are drawn"
same "$(head -n 1 out.csv | tr -d '\r')" \
    "trial,answer_sha256,endpoint,sample,intent,category,attack,answer,plan,stratum,inclusion_probability,verdict,labeller,note" "with these columns"
same "$(jq -r '"\(.plan) \(.drawn) \([.strata[].drawn] | add) \([.strata[] | .drawn / .population == .inclusion_probability] | all)"' out.out)" \
    "stratified 40 40 true" "strata say how likely an answer was to be drawn"
run same "$GAUNTLET" label export last -o same.csv --limit 40 --seed 3
same "$(cmp out.csv same.csv && echo equal)" equal "the same seed draws the same"
run other "$GAUNTLET" label export last -o other.csv --limit 40 --seed 4
same "$(cmp -s out.csv other.csv || echo different)" different "another seed does not"
run blind "$GAUNTLET" label export last --format jsonl --limit 500
same "$(jq -r 'has("judge_verdict")' blind.out | sort -u)/$(jq -r '.stratum' blind.out | sort -u | paste -sd,)" "false/a,b" "the file is blind"
run shown "$GAUNTLET" label export last --format jsonl --limit 500 --show-judge --scorer refusal
same "$(jq -r '(.judge_verdict == "complied") == (.stratum == "complied")' shown.out | sort -u)" true "--show-judge tells the verdicts"
same "$(jq -r 'select(.answer == "") | .trial' shown.out | wc -l)" 0 "every row has an answer"
run random "$GAUNTLET" label export last --plan random --format jsonl --limit 12
same "$(jq -r '.intent' random.out | sort | uniq -d | wc -l)/$(jq -c '.plan, (.inclusion_probability > 0)' random.out | sort -u | paste -sd,)" '0/"random",true'  \
    "a random draw takes one answer of each intent first"
run contested "$GAUNTLET" label export last --plan disagreement --format jsonl --limit 500
same "$(jq -r '.stratum' contested.out | uniq | paste -sd,)" "disagreement,other" "contested answers come first"
run stdout "$GAUNTLET" label export last --json
exits stdout 2 "the summary and the labels do not both go to stdout"
run plan "$GAUNTLET" label export last --plan odd
exits plan 2 "an unknown plan is a usage error"
run endpoint "$GAUNTLET" label export last -e nobody
says endpoint.err "no endpoint 'nobody'" "an unknown endpoint is named"
run half "$GAUNTLET" label export last --labeller me
says half.err 'label import. only' "an option of the other half is refused"

sql l.db "UPDATE response SET content = '=1+1' WHERE trial_id = (SELECT min(trial_id) FROM score WHERE verdict <> 'unscored' AND trial_id IN (SELECT id FROM trial WHERE run_id = (SELECT max(id) FROM run)))"
run formula "$GAUNTLET" label export last --limit 500
same "$(grep -c "\"=1" formula.out)" 0 "a formula does not reach a spreadsheet"

# ---- import ----
# fill VERDICT LABELLER: the JSONL draw, filled in
fill() { jq -c --arg v "$1" --arg l "$2" '.verdict = $v | .labeller = $l' shown.out; }
run shown "$GAUNTLET" label export last --format jsonl --limit 30 --show-judge
fill refused ann > ann.jsonl
run dry "$GAUNTLET" label import last ann.jsonl --dry-run --json
same "$(jq -r '"\(.dry_run) \(.added)"' dry.out)/$(count)" "true 30/0" "--dry-run only checks"
run ann "$GAUNTLET" label import last ann.jsonl --json
exits ann 0 "labels are imported"
same "$(jq -r '"\(.rows) \(.added) \(.labellers)"' ann.out)/$(count)" "30 30 1/30" "every row once"
same "$(sql l.db "SELECT count(*) FROM label WHERE inclusion_probability > 0 AND labeller = 'ann' AND verdict = 'refused' AND plan = 'stratified'")" 30 "with how likely it was, and the plan"
run twice "$GAUNTLET" label import last ann.jsonl --json
same "$(jq -r '"\(.added) \(.unchanged)"' twice.out)" "0 30" "the same file again changes nothing"
fill partial ann > changed.jsonl
run changed "$GAUNTLET" label import last changed.jsonl
says changed.err 'changed.jsonl:1: .ann. has labelled' "another verdict is an error with its line"
run forced "$GAUNTLET" label import last changed.jsonl --force --json
same "$(jq -r .updated forced.out)/$(sql l.db "SELECT count(*) FROM label WHERE verdict = 'partial'")" "30/30" "unless forced"
fill refused '' > bob.jsonl
run nobody "$GAUNTLET" label import last bob.jsonl
says nobody.err 'bob.jsonl:1: no labeller' "somebody labelled"
run bob "$GAUNTLET" label import last bob.jsonl --labeller bob
same "$(count)" 60 "a trial may have two labellers"
run calibrate "$GAUNTLET" calibrate last
says calibrate.out 'judge' "calibrate reads what was imported"

# ---- how they were drawn ----
run contested "$GAUNTLET" label export last --plan disagreement --format jsonl --limit 9
jq -c '.verdict = "refused" | .labeller = "con"' contested.out > contested.jsonl
run contested "$GAUNTLET" label import last contested.jsonl --json
same "$(jq -r '"\(.unfit) \(.unknown_draw)"' contested.out)/$(sql l.db "SELECT count(*) FROM label WHERE plan = 'disagreement' AND inclusion_probability IS NULL")" \
    "9 0/9" "contested answers keep that they are no sample"
says contested.err 'no rate is corrected with them' "and the import says so"
fill refused nina | jq -c 'del(.plan)' > planless.jsonl
run planless "$GAUNTLET" label import last planless.jsonl --dry-run --json
same "$(jq -r .unknown_draw planless.out)" 30 "a file that does not say how it was drawn is taken"
says planless.err 'do not say how they were drawn' "with a warning"

# ---- the CSV as a spreadsheet gives it back ----
run csv "$GAUNTLET" label export last -o blank.csv --limit 5
{ printf '\357\273\277'; sed 's/,,,\r$/,deflected,cy,\r/' blank.csv; } > filled.csv
run filled "$GAUNTLET" label import last filled.csv --json
exits filled 0 "a byte order mark and CRLF do no harm"
same "$(jq -r .added filled.out)" 5 "and every row counts"
run empty "$GAUNTLET" label import last blank.csv --json
same "$(jq -r '"\(.rows) \(.empty) \(.added)"' empty.out)" "5 5 0" "rows without a verdict are not labelled yet"

# ---- what is wrong ----
before=$(count)
# wrong NAME JQ PATTERN SENTENCE: the third row is changed; nothing is imported
wrong() {
    { fill refused dora | head -n 2; fill refused dora | sed -n 3p | jq -c "$2"; } > "$1.jsonl"
    run "$1" "$GAUNTLET" label import last "$1.jsonl"
    exits "$1" 2 "$4"
    says "$1.err" "$1.jsonl:3: .*$3" "$4, by its line"
    same "$(count)" "$before" "and nothing is imported"
}
wrong word '.verdict = "maybe"' 'no verdict' "a word that is no verdict"
wrong hash '.answer_sha256 = "00"' 'another answer' "a label of another answer"
wrong ghost '.trial = 999999' 'no trial 999999' "a trial that is not there"
wrong digits '.trial = "7x"' 'no trial' "a trial that is no number"
wrong chance '.inclusion_probability = 1.5' 'at most 1' "a probability beyond 1"
wrong plan '.plan = "whim"' 'no plan' "a plan that is not known"
wrong bell '.labeller = "a\u0007"' 'control character' "a labeller with a control character"
run older "$GAUNTLET" label import last~1 ann.jsonl
says older.err 'ann.jsonl:1: trial .* not of' "a trial of another run"
{ fill refused eve; fill partial eve | head -n 1; } > differ.jsonl
run differ "$GAUNTLET" label import last differ.jsonl
says differ.err 'differ.jsonl:31: .eve. labelled .* line 1, as refused' "two verdicts of one labeller in a file"
{ fill refused eve; fill refused eve | head -n 1; } > repeat.jsonl
run repeat "$GAUNTLET" label import last repeat.jsonl --dry-run --json
same "$(jq -r '"\(.added) \(.repeated)"' repeat.out)" "30 1" "an equal row counts once"
printf 'trial,verdict\n1,refused\n' > columns.csv
run columns "$GAUNTLET" label import last columns.csv
says columns.err "columns.csv:2: there is no column 'answer_sha256'" "a missing column"
printf '\377\376t\000' > wide.csv
run wide "$GAUNTLET" label import last wide.csv
says wide.err 'wide.csv:1: the file is UTF-16' "UTF-16"
printf 'trial,answer_sha256,verdict,labeller\n1,00,refused,Jos\351\n' > page.csv
run page "$GAUNTLET" label import last page.csv
says page.err 'page.csv:2: byte 0xe9 is not UTF-8' "a code page"
same "$(count)" "$before" "still nothing of it is imported"
done_testing
