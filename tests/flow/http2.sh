#!/bin/sh
# HTTP/2: streams that are reset, connections that go away, answers that come before the request was read. Nothing hangs, no cut
# answer is taken for a whole one, no whole one for a cut, and every request that the server saw has its row.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
give_up() { skip "faults of HTTP/2" "$1"; done_testing; exit 0; }
command -v node > /dev/null || give_up "node is not installed"
curl --version | grep -q HTTP2 || give_up "libcurl was built without HTTP/2"

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 2> openssl.err || give_up "no certificate: $(cat openssl.err)"
node "$ROOT/tests/support/h2_server.mjs" key.pem cert.pem seen > port 2> server.err &
SERVERS="$SERVERS $!"
until_true grep -q . port || give_up "the server did not start: $(head -n 5 server.err)"
PORT=$(cat port)

# long_set DIR N: prompts of more than 200 KB, which is more than the windows of HTTP/2 hold.
long_set() {
    text_set "$1" "$2"
    awk 'BEGIN { pad = " a"; while (length(pad) < 200000) pad = pad pad }
         { at = index($0, ".\",\"extra\""); print substr($0, 1, at) pad substr($0, at + 1) }' "$1/samples.jsonl" > padded
    mv padded "$1/samples.jsonl"
}
long_set set 12
suite_of suite.yaml set

# against MODE [ATTEMPTS]: a run against the server's mode, what it saw in MODE.traces.
against() {
    config_of "$1.yaml" "https://127.0.0.1:$PORT/$1/v1" 'http_version: "2"' 'tls: {ca_file: cert.pem}' \
        "limits: {max_in_flight: 4, attempts: ${2:-8}, timeout: 60s}"
    run "$1" timeout 50 "$GAUNTLET" run suite.yaml -c "$1.yaml" --db "$1.db"
    sed -n "s/^$1 //p" seen > "$1.traces"
}
# trials MODE: "status|reason|count" of each kind, joined.
trials() { sql "$1.db" "SELECT group_concat(t, ' ') FROM (SELECT status || '|' || coalesce(reason, '') || '|' || count(*) AS t FROM trial GROUP BY status, reason ORDER BY 1)"; }
# whole_answers MODE: all trials are answered with the words that the server said.
whole_answers() {
    exits "$1" 0 "$2: exit 0"
    same "$(trials "$1")" 'answered||12' "$2: every trial has its answer"
    same "$(sql "$1.db" "SELECT DISTINCT content FROM response")" 'I cannot help with that.' "$2: it is the whole answer"
    in_step "$1.db" "$1.traces" "$2" unseen
}

against whole
whole_answers whole "requests read to their end"
same "$(sql whole.db 'SELECT count(*) FROM attempt')" 12 "requests read to their end: nothing is asked twice"

# libcurl before 8.2 would spin until the time-out of 60 s, and `timeout` then end the run after 50.
for mode in early early-unsaid early-open; do
    against "$mode"
    whole_answers "$mode" "a whole 200 before the request was read ($mode)"
done
suite_of suite.yaml set 'errors: {max_rate: 1}'
for mode in early-413 early-413-open; do
    against "$mode"
    same "$(trials "$mode")" 'failed|too_large|12' "a 413 before the request was read ($mode): failed as too_large"
    in_step "$mode.db" "$mode.traces" "a 413 before the request was read ($mode)" unseen
done
suite_of suite.yaml set

# Each request meets the fault once, on its first sight.
while read -r mode words; do
    against "$mode"
    whole_answers "$mode" "$words"
    same "$(sql "$mode.db" "SELECT count(DISTINCT trial_id) FROM attempt WHERE error_class IS NOT NULL OR resent")" 12 "$words: each trial met it"
done <<MODES
reset RST_STREAM instead of an answer
refuse REFUSED_STREAM
cut RST_STREAM within an answer
cut-unsaid RST_STREAM within an answer of unknown length
lose the connection is closed under its streams
MODES
same "$(sql refuse.db "SELECT count(*) FROM attempt WHERE error_class IS NOT NULL")" 0 "REFUSED_STREAM: libcurl sends it again, it was not looked at"
same "$(sql cut.db "SELECT count(*) FROM attempt WHERE error_class IS NOT NULL AND transport IS NULL")" 0 "RST_STREAM within an answer: seen as a fault below HTTP"

against goaway
whole_answers goaway "every connection says GOAWAY after its first request"
against trickle
whole_answers trickle "an answer that comes byte by byte"
same "$(sql trickle.db 'SELECT count(*) FROM attempt')" 12 "an answer that comes byte by byte: is waited for"

# The head of an answer, then nothing, and nothing is read: ended after 5 s of silence.
long_set one 1 && suite_of suite.yaml one
against early-head 1
exits early-head 4 "an answer that only begins: exit 4"
same "$(sql early-head.db "SELECT transport || '|' || message FROM attempt")" \
    'protocol|the server began to answer before it had read the request, and then fell silent' "an answer that only begins: ended before the time-out, and named"
in_step early-head.db early-head.traces "an answer that only begins"
done_testing
