#!/bin/sh
# Every status and every broken answer that a server can send: what becomes of the trial, and how often it is asked. One run,
# one endpoint for each row of the table; the rows do not disturb each other.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 1

# ROW ; what the simulated endpoint does ; what becomes of the trial: status/reason ; its attempts: class:count ("-": a good answer).
# Four attempts are allowed. "*": when a kept connection ends without a byte libcurl may send the request again by itself; then it is one
# attempt that says `resent`, which is compared with the server's log below.
cat > table <<'TABLE'
r300; kind: 300, rate: 1; pending/redirect; redirect:1
r301; kind: 301, rate: 1; pending/redirect; redirect:1
r302; kind: 302, rate: 1; pending/redirect; redirect:1
r303; kind: 303, rate: 1; pending/redirect; redirect:1
r307; kind: 307, rate: 1; pending/redirect; redirect:1
r308; kind: 308, rate: 1; pending/redirect; redirect:1
filter400; kind: filter_400, rate: 1; blocked; -:1
filterend; kind: filter_finish, rate: 1; blocked; -:1
filtercut; kind: filter_cut, rate: 1; blocked; -:1
model400; kind: model_not_supported, rate: 1; failed/model_unavailable; model_unavailable:1
long400; kind: too_long, rate: 1; failed/too_long; too_long:1
c400; kind: 400, rate: 1; failed/invalid_request; invalid_request:1
c422; kind: 422, rate: 1; failed/invalid_request; invalid_request:1
c401; kind: 401, rate: 1; pending/auth; auth:1
c402; kind: 402, rate: 1; pending/credits; credits:1
c403; kind: 403, rate: 1; pending/auth; auth:1
c404; kind: 404, rate: 1; failed/model_unavailable; model_unavailable:1
c408; kind: 408, rate: 1; failed/exhausted; timeout:4
c409; kind: 409, rate: 1; failed/exhausted; conflict:4
c410; kind: 410, rate: 1; failed/model_unavailable; model_unavailable:1
c413; kind: 413, rate: 1; failed/too_large; too_large:1
c415; kind: 415, rate: 1; failed/invalid_request; invalid_request:1
c424; kind: 424, rate: 1; failed/exhausted; generation:3
c429; kind: 429, rate: 1; failed/exhausted; rate:4
quota; kind: quota, rate: 1; pending/credits; credits:1
c434; kind: 434, rate: 1; failed/invalid_request; invalid_request:1
c435; kind: 435, rate: 1; failed/invalid_request; invalid_request:1
c498; kind: 498, rate: 1; failed/exhausted; capacity:4
loading; kind: 503, rate: 1, times: 6, seconds: 0.02; answered; -:1 loading:6
c500; kind: 500, rate: 1; failed/exhausted; server:4
c502; kind: 502, rate: 1; failed/exhausted; server:4
c504; kind: 504, rate: 1; failed/exhausted; server:4
c520; kind: 520, rate: 1; failed/exhausted; server:4
c524; kind: 524, rate: 1; failed/exhausted; server:4
c529; kind: 529, rate: 1; failed/exhausted; server:4
reset0; kind: reset, rate: 1, at: start, times: 1; answered; *
resetin; kind: reset, rate: 1, at: body, times: 1; answered; -:1 recv:1
close; kind: close, rate: 1, times: 1; answered; *
cut; kind: truncate, rate: 1, times: 1; answered; -:1 partial:1
cutchunk; kind: truncate, rate: 1, times: 1, framing: chunked; answered; -:1 partial:1
cutopen; kind: truncate, rate: 1, framing: close; failed/malformed; malformed_response:2
stall0; kind: stall, rate: 1, times: 1, at: start; answered; -:1 timeout:1
stallin; kind: stall, rate: 1, times: 1, at: body; answered; -:1 timeout:1
html; kind: html, rate: 1; failed/malformed; malformed_response:2
none; kind: empty_body, rate: 1; failed/malformed; malformed_response:2
nochoice; kind: empty_choices, rate: 1; failed/malformed; malformed_response:2
abort; kind: finish_abort, rate: 1; failed/malformed; abort:2
err200; kind: error_200, rate: 1; failed/exhausted; server:4
errchoice; kind: choice_error, rate: 1; failed/exhausted; server:4
err200str; kind: error_200, rate: 1, shape: string; failed/exhausted; server:4
err200list; kind: error_200, rate: 1, shape: list; failed/malformed; malformed_response:2
err200arr; kind: error_200, rate: 1, shape: errors; failed/malformed; malformed_response:2
err200desc; kind: error_200, rate: 1, shape: description; failed/malformed; malformed_response:2
err200flat; kind: error_200, rate: 1, shape: flat; failed/exhausted; server:4
err200msg; kind: error_200, rate: 1, shape: message; failed/malformed; malformed_response:2
err200det; kind: error_200, rate: 1, shape: detail; failed/malformed; malformed_response:2
err200dets; kind: error_200, rate: 1, shape: detail_list; failed/malformed; malformed_response:2
err200prob; kind: error_200, rate: 1, shape: problem; failed/malformed; malformed_response:2
err200text; kind: error_200, rate: 1, shape: text; failed/malformed; malformed_response:2
err200html; kind: error_200, rate: 1, shape: html; failed/malformed; malformed_response:2
err200none; kind: error_200, rate: 1, shape: empty; failed/malformed; malformed_response:2
good; kind: 500, rate: 0; answered; -:1
TABLE

# A profile and a configuration of as many rows; each endpoint has a key of its own, so that a breaker stops no other.
{ echo 'version: 1'; echo 'faults:'; sed 's/^\([a-z0-9]*\); \([^;]*\);.*/  - {\2, model: flow-\1}/' table; } > profile.yaml
start_sim --profile profile.yaml --dataset set
{
    printf 'version: 1\nstore: %s/run.db\ndispatch: {max_in_flight: 256}\nendpoints:\n' "$WORK"
    while IFS=';' read -r row _; do
        echo "key-$row" > "key-$row"
        printf '  - name: %s\n    base_url: %s\n    protocol: openai-chat\n    model: flow-%s\n    api_key: file:key-%s\n' "$row" "$SIM_URL" "$row" "$row"
        case $row in
        stall*) echo '    limits: {attempts: 4, timeout: 400ms, trial_timeout: 60s}' ;;
        *) echo '    limits: {attempts: 4, timeout: 60s}' ;;
        esac
    done < table
} > config.yaml
suite_of suite.yaml set 'errors: {max_rate: 1}'
run table timeout 100 "$GAUNTLET" run suite.yaml -c config.yaml
exits table 4 "the run: exit 4, since some endpoints stopped"
while IFS=';' read -r row _ trial attempts; do
    same "$(sql run.db "SELECT status || coalesce('/' || reason, '') FROM trial t JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = '$row'")" "${trial# }" "$row: the trial"
    [ "$attempts" = ' *' ] && continue
    same "$(sql run.db "SELECT group_concat(c, ' ') FROM (SELECT coalesce(a.error_class, '-') || ':' || count(*) AS c
        FROM attempt a JOIN trial t ON t.id = a.trial_id JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = '$row' GROUP BY a.error_class ORDER BY 1)")" "${attempts# }" "$row: the attempts"
done < table
sim_traces > traces
in_step run.db traces "the run"
done_testing
