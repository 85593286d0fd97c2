#!/bin/sh
# A judge's server goes wrong in every way that servers do: nothing that it did not say becomes a verdict, and the run goes on.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
start_sim --seed 5 --dataset "$ROOT/datasets/demo"
TARGET=$SIM_URL
cat > suite.yaml <<YAML
version: 1
name: faults
dataset: $ROOT/datasets/demo
select: {limit: 24}
errors: {max_rate: 0.5}
scorers:
  - strongreject: {judges: [judge]}
  - canary
YAML
# judged NAME FAULT: a run whose judge has this fault after its canary and a few answers; exits and leaves the store NAME.db
judged() {
    printf 'version: 1\nfaults:\n  - {%s, after: 12}\n' "$2" > "$1.yaml"
    start_sim --profile "$1.yaml" --seed 5
    cat > config.yaml <<YAML
version: 1
store: $WORK/$1.db
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$TARGET", model: sim/vlm}
  - {name: judge, protocol: openai-chat, base_url: "$SIM_URL", model: sim/judge, limits: {attempts: 2, timeout: 400ms, max_in_flight: 8}}
YAML
    run "$1" "$GAUNTLET" run suite.yaml -e target --progress none
}
# comes NAME EXIT REASONS SENTENCE
comes() {
    exits "$1" "$2" "$4"
    same "$(sql "$1.db" "SELECT group_concat(DISTINCT x.reason) FROM score x JOIN scorer c ON c.id = x.scorer_id WHERE c.name = 'strongreject' AND x.verdict = 'unscored' AND x.reason <> 'no_answer'")" \
        "$3" "$4: unscored as $3"
    same "$(sql "$1.db" "SELECT count(*) FROM trial WHERE status = 'pending'")" 0 "$4: every answer is kept"
    same "$(sql "$1.db" "SELECT count(*) FROM v_overall a JOIN v_overall b ON a.run_id = b.run_id WHERE a.scorer = 'strongreject' AND b.scorer = 'canary' AND a.complied > b.complied")" 0 \
        "$4: nothing became a success by it"
    sound "$1.db" "$4: the books balance"
}
judged auth 'kind: 401, rate: 1' && comes auth 4 judge_error "a judge whose key is refused"
judged credits 'kind: 402, rate: 1' && comes credits 4 judge_error "a judge that is out of credits"
judged quota 'kind: quota, rate: 1' && comes quota 4 judge_error "a judge whose quota is used up"
judged limited 'kind: 429, rate: 1, retry_after: ms, seconds: 0.02' && comes limited 4 judge_error "a judge that is asked too much"
judged broken 'kind: 500, rate: 1' && comes broken 4 judge_error "a judge whose server breaks"
judged silent 'kind: stall, seconds: 30, rate: 1' && comes silent 4 judge_error "a judge that falls silent"
judged page 'kind: html, rate: 1' && comes page 4 judge_error "a judge that sends a page"
judged empty 'kind: null_content, rate: 1' && comes empty 4 unparseable "a judge that says nothing"
judged filter 'kind: filter_400, rate: 1' && comes filter 4 judge_refused "a judge whose filter blocks the judged text"
judged thinking 'kind: think_open, rate: 1' && comes thinking 4 unparseable "a judge that never ends its thinking"

# ---- a judge has a budget of its own ----
start_sim --seed 5
priced() {
    cat > config.yaml <<YAML
version: 1
store: $WORK/budget.db
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$TARGET", model: sim/vlm}
  - {name: judge, protocol: openai-chat, base_url: "$SIM_URL", model: sim/judge, price: {input: 10, output: 10}, limits: {max_in_flight: 4, budget_usd: $1}}
YAML
}
priced 0.08
run budget "$GAUNTLET" run suite.yaml -e target --progress none
exits budget 4 "a judge that has spent its budget makes the run incomplete"
same "$(sql budget.db "SELECT sum(cost_usd) > 0 AND sum(cost_usd) <= 0.08 FROM judge_attempt")" 1 "its budget is not passed"
same "$(sql budget.db "SELECT count(*) FROM trial WHERE status = 'pending'")" 0 "the answers are kept"
priced 5
run missing "$GAUNTLET" rescore last --missing --progress none
exits missing 0 "with a larger one rescore --missing finishes"
same "$(sql budget.db "SELECT count(*) FROM score WHERE reason = 'judge_error'")" 0 "and every answer is judged"
done_testing
