#!/bin/sh
# Stored answers judged again by judges that see images, or score another text than the answer: the images are those of the data set, where
# it lies; one that is gone or was changed leaves its answer out, and that is told.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
DB=$WORK/anchors.db
cp -r "$ROOT/datasets/demo" demo
text_set plain 30
sed 's/^prompt: |/images: true\nprompt: |/' "$ROOT/harness/score/rubrics/jbb.yaml" > seeing.yaml
printf 'version: 1\noutcomes: {complied: 0.4}\nfaults:\n  - {kind: filter_cut, rate: 0.3}\n' > profile.yaml
start_sim --profile profile.yaml --seed 5 --dataset demo
TARGET=$SIM_URL
start_sim --seed 5 --log "$WORK/server.log"
cat > config.yaml <<YAML
version: 1
store: $DB
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$TARGET", model: sim/vlm, limits: {max_in_flight: 8}}
  - {name: judge-a, protocol: openai-chat, base_url: "$SIM_URL", model: sim/judge-a, limits: {max_in_flight: 8}}
YAML
# suite NAME DATASET
suite() {
    cat > "$1.yaml" <<YAML
version: 1
name: $1
dataset: $2
select: {limit: 60}
judge_anchor: 20
scorers:
  - rubric: {file: seeing.yaml, judges: [judge-a]}
  - jbb: {judges: [judge-a], channel: blocked_text}
YAML
}
suite shown demo
suite text plain
# A question with pictures is larger than 2,000 bytes, one without is not.
# flips SCORER: answers, flips, unscored, left out of the newest run
flips() { "$GAUNTLET" report last --format json | jq -c --arg s "$1" '.judge_flip_rate[] | select(.scorer == $s) | [.answers, .flips, .unscored, .left_out]'; }

run first "$GAUNTLET" run shown.yaml --progress none
exits first 0 "a run whose judges see images ends well"
same "$(flips rubric)" '[20,0,0,0]' "they judge twenty of its answers again"
blocked=$(sql "$DB" "SELECT count(*) FROM score x JOIN scorer c ON c.id = x.scorer_id WHERE c.name = 'jbb:blocked_text' AND x.verdict <> 'unscored'")
same "$(flips jbb:blocked_text)" "[$((blocked < 20 ? blocked : 20)),0,0,0]" "so does a judge of what had been delivered when a filter cut in ($blocked)"

# ---- a run of another set has the same anchor: its images lie in the first set's folder ----
before=$(wc -l < "$WORK/server.log")
run second "$GAUNTLET" run text.yaml --progress none
exits second 0 "a run of texts has that anchor"
same "$(flips rubric)" '[20,0,0,0]' "and judges the same twenty again"
pictures() { sql "$DB" "SELECT count(DISTINCT j.trial_id) FROM judge_anchor j JOIN trial t ON t.id = j.trial_id JOIN image i ON i.sample_id = t.sample_id JOIN scorer c ON c.id = j.scorer_id WHERE c.name = 'rubric'$1"; }
asked() { sed "1,${before}d" "$WORK/server.log" | jq -r "select(.method == \"POST\" and .status == 200 and .body_bytes > 2000) | .trace_id" | sort -u | wc -l | tr -d ' '; }
same "$(asked)" "$(pictures '')" "with the pictures of their samples ($(asked))"

# ---- a picture that is gone, and one that is another ----
one=$(sql "$DB" "SELECT i.path FROM image i JOIN trial t ON t.sample_id = i.sample_id JOIN judge_anchor j ON j.trial_id = t.id JOIN scorer c ON c.id = j.scorer_id WHERE c.name = 'rubric' AND i.position = 0 ORDER BY j.trial_id LIMIT 1")
two=$(sql "$DB" "SELECT i.path FROM image i JOIN trial t ON t.sample_id = i.sample_id JOIN judge_anchor j ON j.trial_id = t.id JOIN scorer c ON c.id = j.scorer_id WHERE c.name = 'rubric' AND i.position = 0 ORDER BY j.trial_id DESC LIMIT 1")
rm "demo/$one"
printf 'x' >> "demo/$two"
run third "$GAUNTLET" run text.yaml --progress none --seed 2
exits third 0 "a run is none the worse for an anchor that cannot be seen"
same "$(flips rubric)" '[18,0,0,2]' "two answers are left out, and counted"
third=$(sql "$DB" "SELECT id FROM run ORDER BY started_at DESC LIMIT 1")
same "$(sql "$DB" "SELECT group_concat(left_out, ' ') FROM (SELECT left_out FROM judge_anchor j JOIN scorer c ON c.id = j.scorer_id WHERE c.run_id = '$third' AND left_out IS NOT NULL ORDER BY 1)")" \
    "image_changed image_missing" "the store knows why"
says third.err "could not judge 2 of 20 answers of its anchor again: .*image" "the log says so, with the first picture"
says third.out "judge anchor: rubric .*; 2 left out: an image is gone or another one" "and so does the table"
run page "$GAUNTLET" report last -o page.html
says page.html '2 left out: an image is gone or another one' "and the page"
run export "$GAUNTLET" export last -o moved.db
same "$(sql moved.db "SELECT count(*) FROM judge_anchor WHERE left_out IS NOT NULL")" 2 "it goes with the run when that is moved"
sound "$DB" "the books balance"
done_testing
