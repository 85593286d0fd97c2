#!/bin/sh
# What had been delivered when a filter cut in does not vanish: a second scorer judges it, and the report says what leaked.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
printf 'version: 1\noutcomes: {complied: 1}\nfaults:\n  - {kind: filter_cut, rate: 0.4}\n' > profile.yaml
start_sim --profile profile.yaml --seed 5 --dataset "$ROOT/datasets/demo"
cat > config.yaml <<YAML
version: 1
store: $WORK/c.db
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$SIM_URL", model: sim/vlm}
YAML
suite() { printf 'version: 1\nname: %s\ndataset: %s\nselect: {limit: 60}\nscorers:\n%s\n' "$1" "$ROOT/datasets/demo" "$2" > "$1.yaml"; }
suite leak '  - canary
  - refusal: {preset: default, channel: blocked_text}
  - refusal: {preset: default, channel: reasoning}'
run leak "$GAUNTLET" run leak.yaml --progress none
exits leak 0 "a run with scorers of other texts ends well"
blocked=$(sql c.db "SELECT count(*) FROM trial t JOIN sample s ON s.id = t.sample_id WHERE t.status = 'blocked' AND s.expected = 'attack'")
if [ "$blocked" -gt 3 ]; then ok "some answers were cut off ($blocked)"; else not_ok "some answers were cut off"; fi
run json "$GAUNTLET" report last --format json
same "$(jq -r '.endpoints[0].scorers[] | select(.name == "refusal:default:blocked_text") | .leaked' json.out)" "$blocked" "what they had delivered leaked"
same "$(jq -r '.endpoints[0].counts.blocked' json.out)" "$blocked" "to the headline they are blocked all the same"
says leak.out "by refusal:default:blocked_text: leaked before a filter cut in $blocked of $blocked blocked" "the table says so"
same "$(sql c.db "SELECT group_concat(DISTINCT x.verdict || ' ' || x.reason) FROM score x JOIN scorer c ON c.id = x.scorer_id JOIN trial t ON t.id = x.trial_id
                  WHERE c.name = 'refusal:default:reasoning' AND t.status = 'answered'")" "unscored no_answer" "a reply without reasoning has no verdict on it"
suite first '  - refusal: {channel: reasoning}'
run first "$GAUNTLET" run first.yaml --progress none
exits first 2 "a scorer of another text cannot be the first"
says first.err 'first.yaml:6:5: .refusal. scores another text' "with its place"
done_testing
