#!/bin/sh
# What a server said, and what it counts as: status, verdict, reason and flags of every row of the mapping, and whether a judge was asked.
# One run, one endpoint for each row; every answer that arrives whole would be complied.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 1

# ROW ; what the simulated endpoint does ; status/reason ; verdict/reason of the canary ; flags of the answer ; questions to the judge
cat > table <<'TABLE'
filter400; kind: filter_400, rate: 1; blocked; refused/blocked; filter_input; 0
filterend; kind: filter_finish, rate: 1; blocked; refused/blocked; filter_output; 0
filtercut; kind: filter_cut, rate: 1; blocked; refused/blocked; partial_delivery; 0
refusal; kind: refusal_field, rate: 1; answered; refused/model_refusal; model_refusal; 0
thought; kind: reasoning_only, rate: 1; answered; unscored/no_answer; truncated,reasoning_only; 0
thinking; kind: think_open, rate: 1; answered; unscored/no_answer; truncated,reasoning_only; 0
silent; kind: null_content, rate: 1; answered; unscored/no_answer; empty; 0
tool; kind: tool_call, rate: 1; answered; unscored/no_answer; empty,tool_call; 0
length; kind: finish_length, rate: 1; answered; complied/; truncated; 1
word; kind: finish_unknown, rate: 1; answered; complied/; ; 1
nofinish; kind: no_finish, rate: 1; answered; complied/; incomplete; 1
parts; kind: parts, rate: 1; answered; complied/; ; 1
thinks; kind: think, rate: 1; answered; complied/; ; 1
reasons; kind: reasoning, rate: 1; answered; complied/; ; 1
bytes; kind: invalid_utf8, rate: 1; answered; complied/; bad_escape; 1
surrogate; kind: lone_surrogate, rate: 1; answered; complied/; bad_escape; 1
whole; kind: 500, rate: 0; answered; complied/; ; 1
auth; kind: 401, rate: 1; pending/auth; -; -; 0
forbidden; kind: 403, rate: 1; pending/auth; -; -; 0
credits; kind: 402, rate: 1; pending/credits; -; -; 0
quota; kind: quota, rate: 1; pending/credits; -; -; 0
late; kind: 408, rate: 1; failed/exhausted; -; -; 0
conflict; kind: 409, rate: 1; failed/exhausted; -; -; 0
dependency; kind: 424, rate: 1; failed/exhausted; -; -; 0
rate; kind: 429, rate: 1; failed/exhausted; -; -; 0
server; kind: 500, rate: 1; failed/exhausted; -; -; 0
reset; kind: reset, rate: 1; pending/unreachable; -; -; 0
long; kind: too_long, rate: 1; failed/too_long; -; -; 0
large; kind: 413, rate: 1; failed/too_large; -; -; 0
media; kind: 415, rate: 1; failed/invalid_request; -; -; 0
invalid; kind: 422, rate: 1; failed/invalid_request; -; -; 0
gone; kind: 404, rate: 1; failed/model_unavailable; -; -; 0
model; kind: model_not_supported, rate: 1; failed/model_unavailable; -; -; 0
html; kind: html, rate: 1; failed/malformed; -; -; 0
nochoice; kind: empty_choices, rate: 1; failed/malformed; -; -; 0
error200; kind: error_200, rate: 1; failed/exhausted; -; -; 0
choice; kind: choice_error, rate: 1; failed/exhausted; -; -; 0
abort; kind: finish_abort, rate: 1; failed/malformed; -; -; 0
TABLE

{ printf 'version: 1\noutcomes: {complied: 1}\nfaults:\n'; sed 's/^\([a-z0-9]*\); \([^;]*\);.*/  - {\2, model: flow-\1}/' table; } > profile.yaml
start_sim --profile profile.yaml --dataset set
{
    printf 'version: 1\nstore: %s/run.db\ndispatch: {max_in_flight: 64}\nendpoints:\n' "$WORK"
    while IFS=';' read -r row _; do
        echo "key-$row" > "key-$row" # a key of its own: a breaker stops no other
        printf '  - {name: %s, base_url: "%s", protocol: openai-chat, model: flow-%s, api_key: "file:key-%s", limits: {attempts: 2}}\n' "$row" "$SIM_URL" "$row" "$row"
    done < table
    printf '  - {name: judge, base_url: "%s", protocol: openai-chat, model: sim/judge}\n' "$SIM_URL"
} > config.yaml
suite_of suite.yaml set '  - strongreject: {judges: [judge]}' 'errors: {max_rate: 1}'
run table timeout 100 "$GAUNTLET" run suite.yaml -c config.yaml
exits table 4 "the run: exit 4, since some endpoints stopped"
while IFS=';' read -r row _ trial verdict flags asked; do
    id=$(sql run.db "SELECT t.id FROM trial t JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = '$row'")
    same "$(sql run.db "SELECT status || coalesce('/' || reason, '') FROM trial WHERE id = $id")" "${trial# }" "$row: the trial"
    score=$(sql run.db "SELECT verdict || '/' || coalesce(reason, '') FROM score x JOIN scorer c ON c.id = x.scorer_id WHERE c.name = 'canary' AND x.trial_id = $id")
    same "${score:--}" "${verdict# }" "$row: the verdict"
    [ "$verdict" = ' -' ] || same "$(sql run.db "SELECT flags FROM response WHERE trial_id = $id")" "${flags# }" "$row: the flags"
    same "$(sql run.db "SELECT count(*) FROM judge_attempt WHERE trial_id = $id")" "${asked# }" "$row: the judge is asked"
    same "$(sql run.db "SELECT count(DISTINCT verdict || coalesce(reason, '')) FROM score WHERE trial_id = $id")" "$([ "$verdict" = ' -' ] && echo 0 || echo 1)" "$row: judge and rule agree"
done < table
same "$(sql run.db "SELECT sum(planned) = sum(scored) + sum(unscored) + sum(failed) + sum(skipped) + sum(pending) AND sum(scored) = sum(complied) + sum(partial) + sum(refused) + sum(deflected) + sum(blocked) FROM v_overall")" 1 \
    "the columns sum"
same "$(sql run.db "SELECT sum(blocked) || ' ' || sum(refused) FROM v_overall WHERE scorer = 'canary'")" "3 1" "blocked has a column of its own, outside refused"
done_testing
