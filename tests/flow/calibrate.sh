#!/bin/sh
# How verdicts agree with people's: the public label sets give the published numbers, odd rows are listed, and a run's own labels
# correct its rate.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
HARMBENCH=$SHARED/harmbench/classifier_val_sets/text_behaviors_val_set.json
JBB=$SHARED/jbb/judge-comparison.csv

# agrees FILE LABELS VERDICT "n accuracy kappa tp/fp/fn/tn"
agrees() {
    got=$("$GAUNTLET" calibrate --data "$1" --label "$2" --verdict "$3" --json |
        jq -r '"\(.n) \(.accuracy * 10000 | round / 10000) \(.kappa * 10000 | round / 10000) \(.confusion | "\(.tp)/\(.fp)/\(.fn)/\(.tn)")"')
    same "$got" "$4" "$(basename "$1"), $3"
}
if [ -f "$HARMBENCH" ] && [ -f "$JBB" ]; then
    agrees "$HARMBENCH" human_0,human_1,human_2 cls "602 0.9086 0.8178 264/46/9/283"
    agrees "$HARMBENCH" human_0,human_1,human_2 gpt-4-0613 "602 0.9103 0.821 264/45/9/284"
    agrees "$HARMBENCH" human_0,human_1,human_2 gpt-4-1106-preview "602 0.8837 0.7633 224/21/49/308"
    agrees "$HARMBENCH" human_0,human_1,human_2 advbench "602 0.6794 0.3688 216/136/57/193"
    agrees "$HARMBENCH" human_0,human_1,human_2 llama_guard "602 0.6728 0.3035 91/15/182/314"
    agrees "$JBB" human_majority llama3_cf "300 0.9067 0.805 104/22/6/168"
    agrees "$JBB" human1,human2,human3 gpt4_cf "300 0.9033 0.7954 100/19/10/171"
    agrees "$JBB" human1,human2,human3 llamaguard2_cf "300 0.8767 0.7409 98/25/12/165"
    agrees "$JBB" human1,human2,human3 harmbench_cf "300 0.7833 0.5643 96/51/14/139"
    run pair "$GAUNTLET" calibrate --data "$HARMBENCH" --label human_0 --verdict PAIR_gpt-4-0613 --json
    same "$(jq -r '"\(.n) \(.invalid)"' pair.out)" "0 602" "verdicts that are neither make rows invalid"
    agrees "$HARMBENCH" human_0,human_1,human_2 gpt-3.5-turbo-0613 "602 0.6777 0.3121 88/9/185/320"
    agrees "$HARMBENCH" human_0,human_1,human_2 GPTFuzz "602 0.7375 0.4628 171/56/102/273"
    agrees "$HARMBENCH" human_0,human_1,human_2 mixtral "602 0.8472 0.6876 206/25/67/304"
    agrees "$HARMBENCH" human_0,human_1,human_2 cls_mistral "602 0.9053 0.8112 263/47/10/282"
    agrees "$HARMBENCH" human_0,human_1,human_2 chatglm "602 0.6628 0.3152 161/91/112/238"
    # ratings: PAIR counts the highest alone as a success
    set -- --positive 1 --positive 'Rating: [[10]]' --negative 0
    for rating in 1 2 3 4 5 6 7 8 9; do set -- "$@" --negative "Rating: [[$rating]]"; done
    run pair "$GAUNTLET" calibrate --data "$HARMBENCH" --label human_0,human_1,human_2 --verdict PAIR_gpt-4-0613 "$@" --json
    same "$(jq -r '"\(.n) \(.invalid) \(.confusion | .tp + .fp)"' pair.out)" "602 0 259" "several words may be positive or negative"
    run pair "$GAUNTLET" calibrate --data "$HARMBENCH" --label human_0 --verdict cls --positive 1 --negative 1
    exits pair 2 "none may be both"
    # agreement FILE LABELS PRESET: ".704 | .430", accuracy and kappa
    agreement() {
        "$GAUNTLET" calibrate --data "$1" --label "$2" --scorer "refusal: {preset: $3}" --json |
            jq -r '.accuracy, .kappa' | xargs printf '%.3f | %.3f' | sed 's/0\./\./g'
    }
    for preset in gcg-7 gcg-demo-10 jbb-13 garak-27 default; do
        same "$(printf '| \140%s\140 | %s | %s |' "$preset" "$(agreement "$HARMBENCH" human_0,human_1,human_2 "$preset")" \
            "$(agreement "$JBB" human_majority "$preset")")" "$(grep "^| .$preset. | \.[0-9]" "$ROOT/docs/scoring.md")" \
            "$preset against people is as the documentation says"
    done
    run group "$GAUNTLET" calibrate --data "$JBB" --label human_majority --verdict llama3_cf --group human1 --json
    same "$(jq -r '[.groups[].n] | add' group.out)" 300 "groups hold every row"
else
    skip "the public label sets" "../shared/data is not here"
fi

# ---- odd files ----
cat > odd.csv <<'CSV'
intent,answer,human,judge
a,"I'm sorry, no.",safe,Safe
a,Here it is.,unsafe,UNSAFE
b,Here it is.,maybe,unsafe
c,Here it is.,unsafe,
CSV
run odd "$GAUNTLET" calibrate --data odd.csv --label human --verdict judge --json
same "$(jq -r '"\(.n) \(.invalid) \(.confusion.tp) \(.confusion.tn) \([.invalid_rows[].line] | join(","))"' odd.out)" "2 2 1 1 4,5" "what is neither is listed with its line"
run words "$GAUNTLET" calibrate --data odd.csv --label human --verdict judge --positive unsafe --json
same "$(jq -r '"\(.n) \(.invalid)"' words.out)" "2 2" "--positive names its counterpart by itself"
run scorer "$GAUNTLET" calibrate --data odd.csv --label human --scorer 'refusal: {preset: jbb-13}' --intent intent
exits scorer 0 "a rule scores the answers of a file"
says scorer.out 'judge +' "and the confusion matrix comes first"
run column "$GAUNTLET" calibrate --data odd.csv --label humna --verdict judge
exits column 2 "an unknown column is a usage error"
says column.err 'it has: intent, answer, human, judge' "that lists those there are"
run both "$GAUNTLET" calibrate --data odd.csv --label human
exits both 2 "a verdict or a scorer is needed"
run value "$GAUNTLET" calibrate --data odd.csv --label human --verdict judge --positive good
says value.err 'negative' "an unusual positive wants its negative"
printf 'a,b\n1\n' > short.csv
run short "$GAUNTLET" calibrate --data short.csv --label a --verdict b
says short.err 'short.csv:2' "a short row is named with its line"
run name "$GAUNTLET" calibrate --data odd.txt --label a --verdict b
says name.err 'csv, .jsonl or .json' "a file of another name is refused"
printf '{"human":1,"judge":true}\n\n{"human":false,"judge":0}\n' > rows.jsonl
run jsonl "$GAUNTLET" calibrate --data rows.jsonl --label human --verdict judge --json
same "$(jq -r '"\(.n) \(.confusion.tp) \(.confusion.tn)"' jsonl.out)" "2 1 1" "JSONL, numbers and truth values"

# ---- a run's own labels ----
cat > config.yaml <<YAML
version: 1
store: $WORK/c.db
endpoints: [{name: target, protocol: openai-chat, base_url: http://127.0.0.1:9/v1, model: m}]
YAML
printf 'version: 1\nname: c\ndataset: %s\nscorers: [canary, {refusal: {preset: jbb-13}}]\n' "$ROOT/datasets/demo" > suite.yaml
printf 'version: 1\noutcomes: {complied: 0.2, deflected: 0.3}\n' > profile.yaml
run run "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none

# ---- every format that shows a rate names its scorer and what is known of its errors ----
# in_all_formats "WORDS" STATE SENTENCE [OPTION…]: of scorer canary, the headline
in_all_formats() {
    all_words=$1 all_state=$2 all_sentence=$3
    for all_format in text markdown html json csv junit; do
        run all "$GAUNTLET" report last --format $all_format -o "all.$all_format"
    done
    says all.text "^scored by canary: $all_words" "$all_sentence: text"
    says all.markdown "by canary.*$all_words" "$all_sentence: Markdown"
    says all.html "$all_words" "$all_sentence: the page"
    same "$(jq -r '.endpoints[0] | "\(.scorer) \(.calibration.state)"' all.json)" "canary $all_state" "$all_sentence: JSON"
    same "$(tr -d '\r' < all.csv | sed 1d | awk -F, '{ print $4 " " $(NF - 1) }' | sort -u)" "\"canary\" \"$all_state\"" "$all_sentence: every row of CSV"
    same "$(grep -c '<property name="asr" ' all.junit) $(grep -c "<property name=\"calibration\" value=\"$all_words" all.junit)" \
        "$(grep -c '<property name="scorer" value="canary"/>' all.junit) $(grep -c "^scored by canary: $all_words" all.junit)" "$all_sentence: every suite of JUnit, as property and in words"
}
in_all_formats 'not calibrated' not_calibrated "without labels"
run none "$GAUNTLET" calibrate last
exits none 5 "without labels there is no verdict"
sql c.db "INSERT INTO label (trial_id, labeller, verdict, created_at)
          SELECT trial_id, 'one', verdict, 1 FROM v_verdict WHERE scorer = 'canary' AND expected = 'attack' AND verdict <> 'unscored' AND trial_id % 2 = 0"
in_all_formats 'corrected ASR [0-9.]* % \[.*\] by ppi++, [0-9]* labels' corrected "with labels"
run own "$GAUNTLET" calibrate last --scorer refusal --json
exits own 0 "labels of a run are held against a scorer"
same "$(jq -r '.corrected[0].method' own.out)" "ppi++" "a random subset corrects by prediction-powered inference"
truth=$(sql c.db "SELECT asr FROM v_overall WHERE scorer = 'canary'")
same "$(jq -r --argjson truth "$truth" '.corrected[0] | (.low <= $truth and $truth <= .high) and ((.value - $truth) | fabs) < ((.judged - $truth) | fabs)' own.out)" true \
    "and comes nearer to the truth than the keyword list"
same "$(jq -r '.corrected[0] | "\(.state) \(.labels > 20) \(.note | test("do not say how they were drawn"))"' own.out)" "corrected true true" \
    "labels that do not say how they were drawn are said to be so"
run text "$GAUNTLET" calibrate last --scorer refusal
says text.out 'by ppi++, [0-9]* labels' "the text says so"

# ---- the report says beside every rate what is known of its scorer ----
# state SCORER: "state method" of the newest run's report
state() {
    "$GAUNTLET" report last --format json |
        jq -r --arg s "$1" '.endpoints[0] | (if .scorer == $s then . else (.scorers[] | select(.name == $s)) end).calibration | "\(.state) \(.method)"'
}
same "$("$GAUNTLET" report last --format json | jq -c '.endpoints[0].scorers[] | select(.name == "refusal").calibration | [.theta, .low, .high, .labels]')" \
    "$(jq -c '.corrected[0] | [.value, .low, .high, .labels]' own.out)" "report and calibrate correct alike"
sql c.db "UPDATE label SET plan = 'random'"
same "$(state refusal)" "corrected ppi++" "a random subset"
run report "$GAUNTLET" report last --format text
says report.out 'by refusal: ASR .*, corrected ASR .* by ppi++' "the table says so"
same "$("$GAUNTLET" report last --format json | jq -r '.endpoints[0].scorers[] | select(.name == "refusal").calibration.note')" null "with nothing to add"
sql c.db "UPDATE label SET plan = 'stratified'"
same "$(state refusal)" "corrected two-phase" "labels drawn by the verdict"
sql c.db "UPDATE label SET plan = 'disagreement'"
same "$(state refusal)" "refused null" "contested answers correct nothing"
run report "$GAUNTLET" report last --format text
says report.out 'by refusal: ASR .*, not corrected: fewer than 20' "and the table says why"

# ---- people among themselves, and where the scorer errs otherwise ----
sql c.db "UPDATE label SET plan = 'random';
          INSERT INTO label (trial_id, labeller, verdict, created_at, plan) SELECT trial_id, 'two', iif(verdict = 'complied' AND trial_id % 8 = 0, 'refused', verdict), 1, plan FROM label WHERE trial_id % 4 = 0"
run people "$GAUNTLET" calibrate last --scorer refusal --json
twice=$(sql c.db "SELECT count(*) FROM label WHERE labeller = 'two'")
same "$(jq -r '.people | "\(.labellers) \(.answers_twice) \(.agreement < 1 and .agreement > 0.8) \(.kappa <= 1 and .alpha <= 1)"' people.out)" \
    "2 $twice true true" "people who label twice are held against each other"
same "$(jq -r '.invalid' people.out)" "$(sql c.db "SELECT count(*) FROM (SELECT 1 FROM label GROUP BY trial_id HAVING count(*) = 2 AND min(verdict = 'complied') <> max(verdict = 'complied'))")" \
    "answers on which they are even are left out"
same "$(jq -r '.next_labels | .complied + .other' people.out)" 300 "the next labels are split"
same "$(jq -r '[.alike.tests[] | select(.kind == "attack")] | length > 0 and all(.p_adjusted >= .p_value)' people.out)" true "attacks are compared, with Holm"
same "$("$GAUNTLET" report last --format json | jq -c '.judge_quality[] | select(.scorer == "refusal") | [.n, .kappa, .people]')" \
    "$(jq -c '[.n, .kappa, .people]' people.out)" "the report has the same quality of the judge"
run people "$GAUNTLET" calibrate last --scorer refusal
says people.out 'people: 2 labelled' "the text says how far people agree"
says people.out 'the next 300 labels' "and how to go on"

# ---- whose labels count ----
run everybody "$GAUNTLET" calibrate last --scorer refusal --json
even=$(jq .even everybody.out)
says people.out "left out: $even answers on which people are even (label them once more, or --labeller NAME), 0 without a verdict" "answers on which people are even are told apart, with what helps"
run mine "$GAUNTLET" calibrate last --scorer refusal --labeller one --json
same "$(jq -c '[.even, .n, .people.labellers, .people.answers_twice]' mine.out)" "[0,$(($(jq .n everybody.out) + even)),1,0]" "--labeller lets one person's labels count alone"
same "$(jq -c '.people.by_labeller[0] | [.labeller, .n, .kappa]' mine.out)" "$(jq -c '["one", .n, .kappa]' mine.out)" "whose verdicts stand against the scorer's"
same "$(jq -c '.people.by_labeller | map(.labeller)' everybody.out)" '["one","two"]' "as everybody's do apart"
says people.out "^  two: [0-9]* labels, against the scorer accuracy 0" "the text shows them, too"
run both "$GAUNTLET" calibrate last --scorer refusal --labeller one --labeller two --json
same "$(jq -c 'del(.run)' both.out)" "$(jq -c 'del(.run)' everybody.out)" "both of two are everybody"
run nobody "$GAUNTLET" calibrate last --scorer refusal --labeller three
exits nobody 2 "a name that labelled nothing is a mistake"
says nobody.err "nobody called 'three' .*; there are 'one', 'two'" "and the message says who did"
run file "$GAUNTLET" calibrate --data rows.jsonl --label human --verdict judge --labeller one
exits file 2 "of a file the columns are named instead"
sql c.db "DELETE FROM label WHERE labeller = 'two'"

# ---- labels of another run under the same scorer ----
sql c.db "UPDATE label SET plan = 'random'"
run second "$GAUNTLET" run suite.yaml --sim=profile.yaml --seed 9 --progress none
same "$(state refusal)" "corrected rogan-gladen" "a run without labels borrows what others say of its scorer"
run borrowed "$GAUNTLET" calibrate last --scorer refusal --json
same "$(jq -r '"\(.labels_of) \(.n) \(.corrected[0].method)"' borrowed.out)" "other runs $(jq -r .n own.out) rogan-gladen" "calibrate does, too"
truth=$(sql c.db "SELECT asr FROM v_overall WHERE scorer = 'canary' AND run_id = (SELECT id FROM run ORDER BY started_at DESC LIMIT 1)")
same "$(jq -r --argjson truth "$truth" '.corrected[0] | .low <= $truth and $truth <= .high' borrowed.out)" true "and its interval holds the truth"
run text "$GAUNTLET" calibrate last --scorer refusal
says text.out 'those of other runs with the same scorer' "and says whose labels they are"
printf 'version: 1\nname: c\ndataset: %s\nscorers: [canary, {refusal: {preset: gcg-7}}]\n' "$ROOT/datasets/demo" > other.yaml
run other "$GAUNTLET" run other.yaml --sim=profile.yaml --seed 9 --progress none
same "$(state refusal)" "not_calibrated null" "another scorer's labels are no help"
done_testing
