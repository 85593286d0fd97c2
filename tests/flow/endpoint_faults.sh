#!/bin/sh
# Endpoints that are not there, not who they should be, or talk nonsense: the right exit code, words that help, and nothing lost.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 5
suite_of suite.yaml set

# ask NAME URL [ENDPOINT LINE…]: runs the suite against URL into NAME.db, with $LIMITS.
LIMITS='attempts: 2, timeout: 20s'
ask() {
    ask_name=$1 ask_url=$2; shift 2
    config_of "$ask_name.yaml" "$ask_url" "limits: {$LIMITS}" "$@"
    run "$ask_name" timeout 60 "$GAUNTLET" run suite.yaml -c "$ask_name.yaml" --db "$ask_name.db"
}
# trials NAME: "status|reason|count" of each kind, joined.
trials() { sql "$1.db" "SELECT group_concat(t, ' ') FROM (SELECT status || '|' || coalesce(reason, '') || '|' || count(*) AS t FROM trial GROUP BY status, reason ORDER BY 1)"; }
# pending_after NAME SENTENCE: exit 3, all five pending, the store sound, the way on shown.
pending_after() {
    exits "$1" 3 "$2: exit 3"
    same "$(sql "$1.db" "SELECT count(*) FROM trial WHERE status = 'pending'")" 5 "$2: every trial stays pending"
    same "$(sql "$1.db" "SELECT status FROM run")" incomplete "$2: the run is incomplete"
    says "$1.err" "next: gauntlet resume [0-9a-z]* -c $1.yaml --db $1.db" "$2: says how to go on"
    sound "$1.db" "$2: the store is sound"
}
# failed_after NAME REASON SENTENCE: exit 4, all five failed for that reason.
failed_after() {
    exits "$1" 4 "$3: exit 4"
    same "$(trials "$1")" "failed|$2|5" "$3: every trial failed as $2"
    says "$1.err" 'resume .* --retry-failed' "$3: says how to ask again"
    sim_traces > "$1.traces"
    in_step "$1.db" "$1.traces" "$3"
}
# fault PROFILE: a simulated endpoint that always does this.
fault() {
    printf 'version: 1\nfaults:\n  - {%s, rate: 1}\n' "$1" > profile.yaml
    start_sim --profile profile.yaml
}

# ---- nobody there ----
ask refused http://127.0.0.1:1/v1
pending_after refused "connection refused"
says refused.err "endpoint 'target' stopped (unreachable): .*127.0.0.1.*is base_url right" "connection refused: says where and what to do"
says refused.err "endpoint 'target' has not answered yet: .*; trying again" "connection refused: the first failure is told at once"
# Many trials wait longer for each other's retries than one trial needs to find out.
text_set crowd 500
suite_of crowd.yaml crowd
config_of crowd_target.yaml http://127.0.0.1:1/v1 'limits: {attempts: 4}'
run crowd timeout 60 "$GAUNTLET" run crowd.yaml -c crowd_target.yaml --db crowd.db
exits crowd 3 "connection refused, 500 trials: one of them finds out for all: exit 3"
same "$(sql crowd.db "SELECT count(*) FROM trial WHERE status = 'pending'")" 500 "connection refused, 500 trials: every trial stays pending"
ask nowhere http://nowhere.invalid/v1
pending_after nowhere "name that does not resolve"
says nowhere.err 'resolve.*nowhere.invalid' "name that does not resolve: says which"

# ---- the wrong certificate; s_server answers one connection with one canned reply ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 2> openssl.err || cat openssl.err
reply='{"id":"1","object":"chat.completion","model":"flow/model","choices":[{"index":0,"message":{"role":"assistant","content":"I cannot help with that."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}'
# start_tls PORT: in $TLS_PORT (0 picks one)
start_tls() {
    rm -f tls.out
    printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' ${#reply} "$reply" |
        openssl s_server -accept "127.0.0.1:$1" -naccept 1 -key key.pem -cert cert.pem > tls.out 2> tls.err &
    SERVERS="$SERVERS $!"
    until_true grep -q '^ACCEPT' tls.out || cat tls.err
    TLS_PORT=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' tls.out)
}
text_set one 1 && suite_of one.yaml one
start_tls 0
config_of tls.yaml "https://127.0.0.1:$TLS_PORT/v1"
run tls timeout 60 "$GAUNTLET" run one.yaml --no-evidence -c tls.yaml --db tls.db
exits tls 3 "self-signed certificate: exit 3"
same "$(trials tls)" 'pending|certificate|1' "self-signed certificate: the trial stays pending"
says tls.err 'certificate.*set tls.ca_file' "self-signed certificate: says what to set"
start_tls "$TLS_PORT"
printf '    tls: {ca_file: cert.pem}\n' >> tls.yaml
run tls timeout 60 "$GAUNTLET" resume last --no-evidence -c tls.yaml --db tls.db
exits tls 0 "self-signed certificate: with ca_file the run is finished"
same "$(trials tls)" 'answered||1' "self-signed certificate: answered in the end"
sound tls.db "self-signed certificate: the store is sound"
sed 's/cert.pem/none.pem/' tls.yaml > no-ca.yaml
for verb in run check; do
    run no-ca "$GAUNTLET" $verb one.yaml -c no-ca.yaml --db tls.db
    exits no-ca 2 "a CA file that is not there, $verb: exit 2, before anything is sent"
    same "$(cat no-ca.out no-ca.err | grep -c "no-ca.yaml:[0-9]*:20: there is no CA file '.*none.pem'")" 1 "a CA file that is not there, $verb: named with its place"
done
echo junk > none.pem
start_tls 0
sed -i "s|127.0.0.1:[0-9]*|127.0.0.1:$TLS_PORT|" no-ca.yaml
run no-ca timeout 60 "$GAUNTLET" run one.yaml -c no-ca.yaml --db tls.db --no-evidence
exits no-ca 3 "a CA file that is none: exit 3"
says no-ca.err "stopped (certificate): .*none.pem" "a CA file that is none: named"

# ---- the wrong place, the wrong key ----
start_sim --profile clean
ask path "${SIM_URL%/v1}/elsewhere/v1"
exits path 3 "wrong path (404): exit 3, since nothing was evaluated"
says path.err "endpoint 'target' stopped (model_unavailable): .*check .*base_url" "wrong path (404): says what to check"
same "$(sql path.db "SELECT count(*) FROM trial WHERE status IN ('failed', 'pending') AND (status = 'pending' OR reason = 'model_unavailable')")" 5 \
    "wrong path (404): no verdict is made of it"
sound path.db "wrong path (404): the store is sound"

start_sim --profile "$ROOT/tests/profiles/401.yaml"
echo canary-key-0123456789abcdef > key
ask key "$SIM_URL" 'api_key: file:key'
pending_after key "wrong key (401)"
says key.err "stopped (auth): .*check the endpoint's api_key" "wrong key (401): says what to check"
same "$(cat key.out key.err key.db key.db-wal 2> /dev/null | grep -c canary-key)" 0 "wrong key (401): the key is nowhere"
run key-status "$GAUNTLET" status --db key.db --json
same "$(jq -c '[.status, .live, .endpoints[0].pending]' key-status.out)" '["incomplete",false,5]' "wrong key (401): status says what is pending"
echo test-key > key
run key timeout 60 "$GAUNTLET" resume last -c key.yaml --db key.db
exits key 0 "wrong key (401): with the right key the run is finished"
same "$(trials key)" 'answered||5' "wrong key (401): every trial is answered in the end"
sim_traces > key.traces
in_step key.db key.traces "wrong key (401), after the resume"

# ---- a resume with another configuration: refused before anything is touched ----
fault 'kind: 402'
ask other "$SIM_URL" 'params: {temperature: 0}'
exits other 4 "out of credits: exit 4"
sum=$(sql other.db .dump | cksum)
config_of other-name.yaml "$SIM_URL" 'params: {temperature: 0}' && sed -i 's/name: target/name: somebody/' other-name.yaml
config_of other-url.yaml http://127.0.0.1:1/v1 'params: {temperature: 0}'
config_of other-params.yaml "$SIM_URL" 'params: {temperature: 1}'
config_of other-key.yaml "$SIM_URL" 'params: {temperature: 0}' 'api_key: env:FLOW_TEST_KEY_THAT_IS_NOT_SET'
while IFS=';' read -r what words; do
    run other "$GAUNTLET" resume last --retry-failed -c "other-$what.yaml" --db other.db
    exits other 2 "a resume with another $what: exit 2"
    says other.err "$words" "a resume with another $what: says what"
    says other.err 'nothing was sent (exit 2)' "a resume with another $what: and that nothing was sent"
    same "$(sql other.db .dump | cksum)" "$sum" "a resume with another $what: the store is as it was"
done <<'OTHERS'
name;endpoint 'target' of run [0-9a-z]* is not in other-name.yaml
url;`base_url` has changed
params;`params` has changed
key;other-key.yaml:[0-9]*:14: .*FLOW_TEST_KEY_THAT_IS_NOT_SET
OTHERS

start_sim --profile "$ROOT/tests/profiles/401.yaml"
config_of unset.yaml "$SIM_URL" 'api_key: env:FLOW_TEST_KEY_THAT_IS_NOT_SET'
run unset "$GAUNTLET" run suite.yaml -c unset.yaml --db unset.db
exits unset 2 "key that is not set: exit 2, before anything is sent"
says unset.err 'unset.yaml:8:14: .*FLOW_TEST_KEY_THAT_IS_NOT_SET' "key that is not set: named with its place"
run model "$GAUNTLET" run suite.yaml -c key.yaml --db unset.db -e targit
exits model 2 "unknown endpoint: exit 2"
says model.err "targit.*target" "unknown endpoint: the known ones are listed"

# ---- replies that are no answer ----
fault 'kind: html'
ask html "$SIM_URL"
failed_after html malformed "HTML in a 200"
says html.err 'the first: .*not JSON: an HTML page' "HTML in a 200: says so"
same "$(sql html.db 'SELECT count(*) FROM attempt WHERE body IS NOT NULL')" 10 "HTML in a 200: every reply is kept"

fault 'kind: truncate'
ask truncate "$SIM_URL"
failed_after truncate exhausted "truncated body"
same "$(sql truncate.db "SELECT count(*) FROM attempt WHERE transport = 'partial'")" 10 "truncated body: seen as such"

fault 'kind: stall, seconds: 600'
LIMITS='attempts: 2, timeout: 300ms'
ask stall "$SIM_URL"
LIMITS='attempts: 2, timeout: 20s'
failed_after stall exhausted "stalled body"
says stall.err 'the first: .*timed out' "stalled body: says that time ran out"

fault 'kind: huge_body, bytes: 100MiB'
ask huge "$SIM_URL"
failed_after huge malformed "body of 100 MiB"
says huge.err 'the first: .*larger than' "body of 100 MiB: says so"
same "$(sql huge.db 'SELECT max(length(body)) <= 16 * 1024 * 1024 FROM attempt')" 1 "body of 100 MiB: no more than 16 MiB of it is kept"

fault 'kind: null_content'
ask null "$SIM_URL"
exits null 0 "null content: the model answered, if with nothing"
same "$(trials null)" 'answered||5' "null content: the trials are answered"
same "$(sql null.db 'SELECT DISTINCT verdict, reason FROM score')" 'unscored|no_answer' "null content: unscored, no_answer"
sim_traces > null.traces
in_step null.db null.traces "null content"

# ---- a reply that the next one does not depend on: half of the requests fail for good ----
printf 'version: 1\nfaults:\n  - {kind: 422, rate: 0.5}\n' > profile.yaml
start_sim --profile profile.yaml
text_set many 60 && suite_of many.yaml many
config_of half.yaml "$SIM_URL" 'limits: {max_in_flight: 4}'
run half "$GAUNTLET" run many.yaml -c half.yaml --db half.db
exits half 4 "error budget exceeded: exit 4"
says half.err 'max_rate\|limit 5.0 %' "error budget exceeded: names the limit"
same "$(sql half.db 'SELECT count(*) > 0 AND count(*) < 60 FROM trial WHERE status = '"'failed'")" 1 "error budget exceeded: some failed, some did not"
sim_traces > half.traces
in_step half.db half.traces "error budget exceeded"
done_testing
