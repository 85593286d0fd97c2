#!/bin/sh
# check --card: what model cards claim and omit, read from a Hub that is not to be trusted.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
. "$(dirname "$0")/../support/hub.sh"
cd "$WORK" || exit 70
text_set set 10
sed -i 's|source: {kind: local, id: flow tests}|source: {kind: local, id: flow/bench}|' set/dataset.yaml
suite_of s.yaml set
revision=0123456789abcdef0123456789abcdef01234567
mkdir -p hub/.answers
start_hub hub
answer() { cat > "hub/.answers/$(printf '%s' "$1" | tr / +)"; }
answer "org/model/raw/$revision/README.md" <<'CARD'
---
license: apache-2.0
base_model: org/base
model-index:
- name: model
  results:
  - task: {type: image-text-to-text}
    dataset: {type: flow/bench, name: Bench}
    metrics: [{type: attack_success_rate, value: 0.12}]
---
# Model
## Intended use
CARD
answer "api/models/org/model/tree/$revision/.eval_results" <<'TREE'
[{"type":"file","path":".eval_results/a.yaml"},{"type":"file","path":"../../etc/passwd"},{"type":"file","path":".eval_results/../x.yaml"},{"type":"file","path":".eval_results/evil.yaml"}]
TREE
answer "org/model/raw/$revision/.eval_results/a.yaml" <<'YAML'
- dataset: {id: other/bench, task_id: default}
  value: 20.9
YAML
printf -- '- dataset: &x [*x, *x]\n\033]0;title\007' | answer "org/model/raw/$revision/.eval_results/evil.yaml"
cat > config.yaml <<YAML
version: 1
store: $WORK/store.db
endpoints:
  - {name: good, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: org/model, revision: $revision}
  - {name: absent, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: org/absent}
  - {name: local, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: model-without-repository}
YAML
run json "$GAUNTLET" check s.yaml --card --json -c config.yaml
same "$(jq -c '[.cards[] | [.endpoint, .pinned, .licence, .base_model]]' json.out)" '[["good",true,"apache-2.0",["org/base"]],["absent",false,null,[]]]' 'the cards of models on the Hub are read'
same "$(jq -c '[.cards[0].results[] | [.from, .dataset, .metric, .value, .testable, (.problem != null)]]' json.out)" \
    '[["model-index","flow/bench","attack_success_rate",0.12,true,false],[".eval_results/a.yaml","other/bench","default",20.9,false,false],[".eval_results/evil.yaml",null,null,null,false,true]]' \
    'with every result they publish, and whether this suite can test it'
same "$(jq -c '[.cards[].omits]' json.out)" '[["limitations"],["licence","base model","intended use","limitations","evaluation"]]' 'and what they leave out'
same "$(jq '.cards[1].problem | test("404")' json.out)" true 'a card that is not there says so'
found=$(jq -r --slurpfile schema "$ROOT/docs/schemas/check.schema.json" -f "$ROOT/tests/support/schema.jq" json.out)
same "$found" '' 'the document is what the schema says'
run text "$GAUNTLET" check s.yaml --card -c config.yaml
says text.out "^card of 'good', org/model at $revision: licence apache-2.0; base model org/base\$" 'people read the same'
says text.out 'claims model-index: attack_success_rate on flow/bench = 0.12; this suite can test it' 'with the claims'
says text.out "^card of 'absent', org/absent at main (not pinned)" 'and a revision that is not pinned'
if grep -q "$(printf '\033')" text.out; then not_ok 'no escape sequence reaches the terminal'; else ok 'no escape sequence reaches the terminal'; fi
same "$(grep -c passwd hub/.log 2> /dev/null || true)" 0 'no path outside .eval_results is asked for'
run offline env HF_HUB_OFFLINE=1 "$GAUNTLET" check s.yaml --card --json -c config.yaml
same "$(jq '[.cards[].problem | test("HF_HUB_OFFLINE")] | all' offline.out)" true 'offline nothing is asked'
done_testing
