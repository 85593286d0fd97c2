#!/bin/sh
# Several runs and endpoints in one table: ranked in groups, and only what measured the same.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 200
suite_of s.yaml set
suite_of t.yaml set 'prompt: {system: Be brief.}'
for n in 1 2 3 4; do
    case $n in 1) rate=0.1 ;; 2) rate=0.07 ;; *) rate=0.6 ;; esac
    printf 'version: 1\noutcomes: {complied: %s}\n' $rate > "p$n.yaml"
    run "run$n" "$GAUNTLET" run s.yaml "--sim=p$n.yaml" --db store.db --seed "$n" --name "run$n"
done
printf 'version: 1\noutcomes: {complied: 0.1}\nfaults: [{kind: 422, rate: 0.3}]\n' > holes.yaml
run holes "$GAUNTLET" run s.yaml --sim=holes.yaml --db store.db --name holes
run other "$GAUNTLET" run t.yaml --sim=p1.yaml --db store.db --name other
run json "$GAUNTLET" report run1 run2 run3 other holes run1 --json --db store.db
exits json 0 'five runs, one named twice, in one table'
same "$(jq -c '[.rows[] | .name]' json.out)" "$(jq -c '[.rows | sort_by(.rank, .asr.value)[] | .name]' json.out)" 'sorted by rank, then rate'
same "$(jq -c '[.rows[] | select(.rank == 1).name] | sort' json.out)" '["run1","run2"]' 'the two that chance may explain are tied'
same "$(jq -c '[.rows[] | select(.rank == 2) | [.name, .leader, .p_adjusted < 0.05]]' json.out)" '[["run3",true,true]]' 'the third is told apart'
same "$(jq -c '[.excluded[].reason]' json.out)" '["not comparable with the first: other system","more than 5 % of its trials have no verdict"]' 'what cannot be ranked is listed with the reason'
for name in run1 run2 run3; do
    "$GAUNTLET" report $name --db store.db --format json > one.json
    same "$(jq -c ".rows[] | select(.name == \"$name\") | [.asr, .counts, .intent_any, .cost_usd]" json.out)" "$(jq -c '.endpoints[0] | [.asr, .counts, .intent_any, .cost_usd]' one.json)" \
        "the numbers of $name are those of its own report"
done
for format in text markdown csv; do
    run "$format" "$GAUNTLET" report run1 run2 run3 other holes --format "$format" --db store.db
    exits "$format" 0 "the table as $format"
    says "$format.out" 'run1' "$format has the runs"
    says "$format.out" 'more than 5 % of its trials' "$format has what is not ranked"
done
percent=$(jq -r '.rows[0].asr | [.value, .low, .high] | map(. * 1000 | round / 10) | join(" ")' json.out | awk '{ printf "%.1f %% \\[%.1f, %.1f\\]", $1, $2, $3 }')
for format in text markdown; do says "$format.out" "$percent" "$format has the rate of JSON"; done
says text.out 'pairwise intervals include 0' 'how many pairs are alike is said'
run default "$GAUNTLET" report run1 run2 --db store.db
says default.out '^run:endpoint, model' 'without a format it is text'
run html "$GAUNTLET" report run1 run2 run3 other holes --format html --db store.db
exits html 0 'the table as a page'
for what in '<!doctype html>' 'Content-Security-Policy' 'run1:' 'more than 5 % of its trials' 'not comparable with the first'; do says html.out "$what" "the page has: $what"; done
same "$(grep -c 'style="\|onclick' html.out)" 0 'nothing inline'
run junit "$GAUNTLET" report run1 run2 --format junit --db store.db
exits junit 2 'a format that it does not have is refused'
run alone "$GAUNTLET" report run1 --leaderboard --json --db store.db
same "$(jq -c '[(.rows | length), .rows[0].rank, .pairwise]' alone.out)" '[1,1,null]' 'one endpoint alone is a table of one'
run none "$GAUNTLET" report holes --leaderboard --db store.db
exits none 5 'a table of none has no verdict'
done_testing
