#!/bin/sh
# What lies between us and an endpoint: redirects, proxies, names that move, and a server that asks for hours of patience. Nothing is
# sent to anybody but the endpoint, no secret reaches a stranger, and nothing is lost.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 3
suite_of suite.yaml set

# ---- Redirects to another host: every kind is a matter of configuration, and the other host never hears of it ----
start_sim --profile clean
STRANGER=$SIM_URL
kinds='301 302 303 307 308'
{
    printf 'version: 1\nfaults:\n'
    for kind in $kinds; do printf '  - {kind: %s, rate: 1, model: "*-%s", location: "%s/chat/completions"}\n' "$kind" "$kind" "$STRANGER"; done
} > redirect.profile
start_sim --profile redirect.profile
{
    printf 'version: 1\nstore: redirect.db\nendpoints:\n'
    for kind in $kinds; do
        echo "canary-key-$kind" > "key-$kind"
        printf '  - name: r%s\n    base_url: %s\n    protocol: openai-chat\n    model: flow-%s\n    api_key: file:key-%s\n    headers: {X-HF-Bill-To: canary-org}\n' \
            "$kind" "$SIM_URL" "$kind" "$kind"
    done
} > redirect.yaml
run redirect timeout 60 "$GAUNTLET" run suite.yaml -c redirect.yaml
exits redirect 3 "redirects: exit 3, nothing was evaluated"
same "$(sql redirect.db "SELECT count(DISTINCT endpoint_id), count(*) FROM trial WHERE status = 'pending'")" '5|15' "redirects: every trial of every endpoint stays pending"
same "$(sql redirect.db "SELECT group_concat(s, ' ') FROM (SELECT DISTINCT http_status AS s FROM attempt ORDER BY 1)")" "$kinds" "redirects: each kind was met"
says redirect.err "stopped (redirect): .*$STRANGER" "redirects: says where it pointed"
same "$(curl -s "${STRANGER%/v1}/sim/log" | jq length)" 0 "redirects: the other host saw no request, so no key, no header, no prompt"
sim_traces > redirect.traces
in_step redirect.db redirect.traces "redirects"

# ---- A proxy that is not there; the endpoint's name cannot exist, so that only the proxy could reach it ----
config_of proxy.yaml https://endpoint.invalid/v1 'limits: {attempts: 2, max_in_flight: 1}'
run proxy env HTTPS_PROXY=http://127.0.0.1:1 timeout 60 "$GAUNTLET" run suite.yaml -c proxy.yaml --db proxy.db
exits proxy 3 "a proxy that is not there: exit 3"
says proxy.err 'stopped (unreachable): .*127.0.0.1' "a proxy that is not there: it is the proxy that is named"
same "$(sql proxy.db "SELECT count(*) FROM trial WHERE status = 'pending'")" 3 "a proxy that is not there: every trial stays pending"
same "$(sql proxy.db "SELECT DISTINCT transport FROM attempt WHERE done_at IS NOT NULL")" connect "a proxy that is not there: a connection that failed"
sound proxy.db "a proxy that is not there: the store is sound"

text_set single 1 && suite_of single.yaml single
# ---- A quota that comes back at midnight: no trial is given up, and the run can be stopped and resumed ----
printf 'version: 1\nfaults:\n  - {kind: 429, rate: 1, times: 1, retry_after: http-date, seconds: 36000}\n' > midnight.profile
start_sim --profile midnight.profile
config_of midnight.yaml "$SIM_URL" 'limits: {max_in_flight: 1, trial_timeout: 30m}'
"$GAUNTLET" run single.yaml -c midnight.yaml --db midnight.db > midnight.out 2> midnight.err < /dev/null &
RUN_PID=$!
SERVERS="$SERVERS $RUN_PID"
refused() { [ "$(sql midnight.db 'SELECT count(*) FROM attempt WHERE retry_after_us IS NOT NULL')" -ge 1 ]; }
until_true refused
kill -INT "$RUN_PID"
wait "$RUN_PID"
same $? 130 "a wait of hours: an interrupt ends the run, exit 130"
same "$(sql midnight.db "SELECT count(*) FROM trial WHERE status = 'pending'")" 1 "a wait of hours: the trial is pending, not given up"
same "$(sql midnight.db "SELECT min(retry_after_us) BETWEEN 35900000000 AND 36001000000 FROM attempt WHERE http_status = 429")" 1 \
    "a wait of hours: the server's wish is stored as it came"
sound midnight.db "a wait of hours: the store is sound"
run midnight timeout 60 "$GAUNTLET" resume last -c midnight.yaml --db midnight.db
exits midnight 0 "a wait of hours: once the quota is back the run is finished"
same "$(sql midnight.db "SELECT count(*) FROM trial WHERE status = 'answered'")" 1 "a wait of hours: the trial is answered in the end"
sim_traces > midnight.traces
in_step midnight.db midnight.traces "a wait of hours"

# Where the trial has less time than the server wants, it is given up at once (providers.md section 5), not after the time.
printf 'version: 1\nfaults:\n  - {kind: 429, rate: 1, retry_after: http-date, seconds: 36000}\n' > never.profile
start_sim --profile never.profile
config_of never.yaml "$SIM_URL" 'limits: {max_in_flight: 1, timeout: 60s, trial_timeout: 2m}'
run never timeout 60 "$GAUNTLET" run single.yaml -c never.yaml --db never.db
exits never 4 "a wait beyond the trial's time: exit 4"
same "$(sql never.db "SELECT status, reason FROM trial")" 'failed|exhausted' "a wait beyond the trial's time: failed as exhausted"
same "$(sql never.db "SELECT count(*) FROM attempt")" 1 "a wait beyond the trial's time: asked once"
sim_traces > never.traces
in_step never.db never.traces "a wait beyond the trial's time"

# ---- A name whose address changes: what is found at the new one is used, nothing is lost meanwhile ----
# with_hosts LINE COMMAND…: runs it where /etc/hosts has that line too, in a namespace of mounts of its own.
with_hosts() {
    { cat /etc/hosts; printf '%s\n' "$1"; } > hosts
    shift
    unshare -m sh -c 'mount --bind hosts /etc/hosts && exec "$@"' sh "$@"
}
if with_hosts '127.0.0.1 moving.test' true 2> unshare.err; then
    start_sim --profile clean
    port=${SIM_URL##*:} port=${port%/v1}
    config_of moving.yaml "http://moving.test:$port/v1" 'limits: {attempts: 2, max_in_flight: 1}'
    run moving with_hosts '127.0.0.9 moving.test' timeout 60 "$GAUNTLET" run suite.yaml -c moving.yaml --db moving.db
    exits moving 3 "a name that moves: at the old address nobody listens, exit 3"
    same "$(sql moving.db "SELECT count(*) FROM trial WHERE status = 'pending'")" 3 "a name that moves: every trial stays pending"
    run moving with_hosts '127.0.0.1 moving.test' timeout 60 "$GAUNTLET" resume last -c moving.yaml --db moving.db
    exits moving 0 "a name that moves: at the new address the run is finished"
    same "$(sql moving.db "SELECT count(*) FROM trial WHERE status = 'answered'")" 3 "a name that moves: every trial is answered in the end"
    sim_traces > moving.traces
    in_step moving.db moving.traces "a name that moves" unseen

    # Within one run: the server goes away under its kept connections, and its name comes back at another address.
    text_set many 300 && suite_of many.yaml many
    printf 'version: 1\nlatency: 20ms\n' > steady.profile
    start_sim --profile steady.profile --log "$WORK/old.log"
    old_pid=$SIM_PID port=${SIM_URL##*:} port=${port%/v1}
    "$GAUNTLET" sim --listen "127.0.0.2:$port" --profile steady.profile --log "$WORK/new.log" > new-sim.out 2>&1 &
    SERVERS="$SERVERS $!"
    until_true grep -q 127.0.0.2 new-sim.out
    config_of within.yaml "http://moving.test:$port/v1" 'limits: {attempts: 6, max_in_flight: 2}'
    with_hosts '127.0.0.1 moving.test' timeout 300 "$GAUNTLET" run many.yaml -c within.yaml --db within.db --no-evidence > within.out 2> within.err < /dev/null &
    RUN_PID=$!
    SERVERS="$SERVERS $RUN_PID"
    answered_some() { [ "$(sql within.db "SELECT count(*) FROM trial WHERE status = 'answered'")" -ge 30 ]; }
    until_true answered_some
    { grep -v moving.test hosts; echo '127.0.0.2 moving.test'; } > hosts.new
    cat hosts.new > hosts # the same file: the run sees it
    kill "$old_pid"
    wait "$RUN_PID"
    same $? 0 "a name that moves while a run goes: the run is finished"
    same "$(sql within.db "SELECT count(*), count(DISTINCT trial_id) FROM response")" '300|300' "a name that moves while a run goes: every trial is answered once"
    same "$(jq -s 'map(select(.method == "POST")) | length > 0' old.log)$(jq -s 'map(select(.method == "POST")) | length > 200' new.log)" truetrue \
        "a name that moves while a run goes: both addresses had their part"
    jq -r 'select(.method == "POST") | .trace_id' old.log new.log > within.traces
    in_step within.db within.traces "a name that moves while a run goes" unseen
else
    skip "a name that moves" "another /etc/hosts needs a namespace of mounts: $(head -n 1 unshare.err)"
fi

# ---- Few open files: fewer requests at once, not failures that nobody understands ----
text_set files 150 && suite_of files.yaml files
start_sim --profile clean
config_of files-target.yaml "$SIM_URL"
run files sh -c 'ulimit -n 80 && exec "$@"' sh timeout 60 "$GAUNTLET" run files.yaml -c files-target.yaml --db files.db --no-evidence
exits files 0 "few open files: the run is finished"
says files.err 'lets a process open 80 files: at most 16 requests at once, not dispatch.max_in_flight 256; a higher .ulimit -n.' "few open files: says what limits it"
same "$(sql files.db "SELECT count(*), count(DISTINCT trial_id), sum(error_class IS NOT NULL) FROM attempt")" '150|150|0' "few open files: no request fails by it"
run files sh -c 'ulimit -n 80 && exec "$@"' sh timeout 60 "$GAUNTLET" run files.yaml --sim=clean --db files.db --no-evidence
says files.err 'at most 8 requests at once' "few open files: the simulated endpoint in the same process takes its part"
exits files 0 "few open files: that run is finished, too"

# ---- A wall clock that is set back and forth in the middle: waits and latencies are those of the monotonic clock ----
case ${B:-build/release} in
/*) STEP_CLOCK=$B/tests/support/step_clock.so ;;
*) STEP_CLOCK=$ROOT/${B:-build/release}/tests/support/step_clock.so ;;
esac
if LD_PRELOAD=$STEP_CLOCK "$GAUNTLET" version > preload.out 2>&1 && ! grep -q preload preload.out; then
    text_set clock 200 && suite_of clock.yaml clock
    printf 'version: 1\nlatency: 5ms\nfaults:\n  - {kind: 500, rate: 0.2, times: 1}\n' > clock.profile
    start_sim --profile clock.profile
    config_of clock-target.yaml "$SIM_URL" 'limits: {max_in_flight: 4}'
    run clock env LD_PRELOAD="$STEP_CLOCK" timeout 60 "$GAUNTLET" run clock.yaml -c clock-target.yaml --db clock.db --no-evidence --json
    exits clock 0 "a clock that is set: the run is finished"
    same "$(sql clock.db "SELECT status, count(*) FROM trial GROUP BY 1")" 'answered|200' "a clock that is set: every trial is answered"
    same "$(sql clock.db "SELECT max(sent_at) - min(sent_at) > 10000000000 FROM attempt")" 1 "a clock that is set: it was, by three hours"
    same "$(sql clock.db "SELECT min(done_at - sent_at) >= 5000, max(done_at - sent_at) < 30000000, count(*) FILTER (WHERE done_at IS NULL) FROM attempt")" '1|1|0' \
        "a clock that is set: each attempt lasted as long as it lasted"
    same "$(jq '.endpoints[0].latency_ms.max < 30000' clock.out)" true "a clock that is set: latencies do not know of it"
    sim_traces > clock.traces
    in_step clock.db clock.traces "a clock that is set"
else
    skip "a clock that is set" "the program cannot be started with another clock: $(head -n 1 preload.out)"
fi
done_testing
