#!/bin/sh
# The API key goes to the endpoint and nowhere else: not into logs, the store, reports, or what a server says back.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
KEY=canary-key-5ca1ab1e0ddba11
text_set set 12 && suite_of suite.yaml set
# nowhere SENTENCE: no file but the server's own, and nothing printed, holds the key.
nowhere() {
    mkdir -p kept && mv profile.yaml key kept/ 2> /dev/null
    found=$(grep -r -l -a "$KEY" . 2> /dev/null | grep -v '^./kept/')
    mv kept/* . && same "$found" "" "$1"
}
# ask NAME [OPTION…]: a run, its reports in every form, and what the looking verbs print.
ask() {
    ask_name=$1; shift
    run "$ask_name" env FLOW_KEY="$KEY" timeout 60 "$GAUNTLET" run suite.yaml -c "$ask_name.yaml" --db "$ask_name.db" -v "$@"
    ask_code=$CODE
    for format in html text json csv; do
        run "$ask_name-$format" "$GAUNTLET" report last --db "$ask_name.db" -f "$format"
    done
    run "$ask_name-show" "$GAUNTLET" show s1 --db "$ask_name.db"
    run "$ask_name-json" "$GAUNTLET" show s1 --db "$ask_name.db" --json
    run "$ask_name-check" env FLOW_KEY="$KEY" "$GAUNTLET" check suite.yaml -c "$ask_name.yaml" -v
    run "$ask_name-dry" env FLOW_KEY="$KEY" "$GAUNTLET" run suite.yaml -c "$ask_name.yaml" --dry-run 12 -v
    CODE=$ask_code
}

# ---- a server that lets in only the right key ----
printf 'version: 1\napi_key: %s\n' "$KEY" > profile.yaml
start_sim --profile profile.yaml
config_of env.yaml "$SIM_URL" 'api_key: env:FLOW_KEY'
ask env
exits env 0 "the key from the environment opens the door"
same "$(sql env.db "SELECT count(*) FROM attempt WHERE http_status = 200")" 12 "the server let every request in"
nowhere "key from the environment: nowhere in logs, store, write-ahead log, reports"
printf '%s\n' "$KEY" > key
config_of file.yaml "$SIM_URL" 'api_key: file:key'
ask file
exits file 0 "the key from a file opens the door"
nowhere "key from a file: nowhere"
says_not env.err 'Bearer' "-v does not show the header"
same "$(sql env.db "SELECT config_json LIKE '%env:FLOW_KEY%' FROM run")" 1 "the store knows where the key came from, not what it is"

# ---- servers that say it back ----
cat > profile.yaml <<PROFILE
version: 1
answers: {complied: "the key is $KEY", refused: "I cannot say $KEY"}
faults:
  - {kind: 500, rate: 0.3, times: 1, message: "internal error, key $KEY"}
  - {kind: 429, rate: 0.3, times: 1, message: "rate limit for key $KEY"}
PROFILE
start_sim --profile profile.yaml
config_of echo.yaml "$SIM_URL" 'api_key: env:FLOW_KEY'
ask echo
exits echo 0 "a server that repeats the key in answers and errors"
same "$(sql echo.db "SELECT count(*) FROM response WHERE content LIKE '%cannot say%' OR content LIKE '%the key is%'")" 12 "its answers are stored"
same "$(sql echo.db "SELECT count(*) > 0 FROM attempt WHERE message LIKE '%for key%' OR message LIKE '%, key%'")" 1 "its error messages are stored"
nowhere "a server that repeats the key: it is taken out before anything is kept"

printf 'version: 1\nfaults: [{kind: 401, rate: 1, message: "Incorrect API key provided: %s"}]\n' "$KEY" > profile.yaml
start_sim --profile profile.yaml
config_of refused.yaml "$SIM_URL" 'api_key: env:FLOW_KEY'
ask refused
exits refused 3 "a server that repeats the key with its 401"
says refused.err 'Incorrect API key provided' "its message is shown"
nowhere "a 401 that repeats the key: not shown, not stored"

# ---- a server whose errors quote a whole request: credentials that are not ours ----
OTHERS='other-secret-77aa'
cat > profile.yaml <<PROFILE
version: 1
faults:
  - {kind: 500, rate: 0.5, times: 1, message: "upstream: Authorization: Bearer $OTHERS, https://u:$OTHERS@h.example/v1?key=$OTHERS"}
  - {kind: 422, rate: 0.3, message: "x-api-key: $OTHERS"}
PROFILE
start_sim --profile profile.yaml
config_of quoted.yaml "$SIM_URL" 'api_key: env:FLOW_KEY'
ask quoted
rm profile.yaml # the server's own
same "$(sql quoted.db "SELECT count(*) > 0 FROM attempt WHERE message LIKE 'upstream: Authorization: Bearer ****, https://****@h.example/v1?****'")" 1 "a request that is quoted in an error is kept without its credentials"
same "$(sql quoted.db "SELECT count(*) > 0 FROM attempt WHERE http_status = 422 AND CAST(body AS TEXT) LIKE '%x-api-key: ****%'")" 1 "in the raw body, too"
same "$(grep -r -l -a "$OTHERS" . 2> /dev/null)" "" "somebody else's credentials: nowhere in logs, store, reports"

# ---- places where a key must not stand ----
config_of header.yaml "$SIM_URL" "headers: {Authorization: Bearer $KEY}"
run header "$GAUNTLET" run suite.yaml -c header.yaml --db header.db
exits header 2 "a credential among the headers: exit 2"
says header.err 'header.yaml:8:15: .*`Authorization` holds a credential' "a credential among the headers: says where"
says header.err 'use `api_key: env:NAME`' "a credential among the headers: says where it belongs"
says_not header.err "$KEY" "a credential among the headers: not repeated"
config_of url.yaml "http://user:$KEY@127.0.0.1:9/v1"
run url "$GAUNTLET" run suite.yaml -c url.yaml --db url.db
exits url 2 "a credential in the URL: exit 2"
says_not url.err "$KEY" "a credential in the URL: not repeated"
chmod 644 key
config_of multi.yaml "$SIM_URL" 'api_key: file:multi'
printf 'line one\nline two\n' > multi
run multi "$GAUNTLET" run suite.yaml -c multi.yaml --db multi.db
exits multi 2 "a key file of two lines: exit 2"
says_not multi.err 'line one' "a key file of two lines: not repeated"
done_testing
