#!/bin/sh
# A quota that only the headers of successful replies tell is kept: the run is as fast as it allows, and hears no 429, or hardly one.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
N=500
text_set set $N
suite_of suite.yaml set

# quota NAME RATE_LIMIT: a run against a server with it, in the background
quota() {
    printf 'version: 1\nlatency: 10ms\nrate_limit: {%s, retry_after: none}\n' "$2" > "$1.profile.yaml"
    start_sim --profile "$1.profile.yaml" --dataset set
    config_of "$1.config.yaml" "$SIM_URL" 'limits: {max_in_flight: auto}'
    timeout 120 "$GAUNTLET" run suite.yaml -c "$1.config.yaml" --db "$1.db" --json -q > "$1.out" 2> "$1.err" &
    runs="$runs $!"
}
runs=
for form in x-ratelimit ratelimit ratelimit-3 anthropic; do
    quota "bucket-$form" "requests_per_minute: 12000, burst: 100, told: $form"
    quota "window-$form" "requests_per_minute: 12000, window: 1s, told: $form"
done
for pid in $runs; do wait "$pid"; done

for form in x-ratelimit ratelimit ratelimit-3 anthropic; do
    for how in bucket window; do
        same "$(jq -c '.endpoints[0].counts | [.scored, .failed, .pending]' "$how-$form.out")" "[$N,0,0]" "$how, $form: every sample is answered"
        refused=$(jq '.endpoints[0].http.by_status["429"] // 0' "$how-$form.out")
        if [ "${refused:-999}" -le $((N / 50)) ]; then ok "$how, $form: hardly a request is refused ($refused of $N)"
        else not_ok "$how, $form: hardly a request is refused" "$refused of $N were"; fi
    done
done

# A quota that nobody tells, so low that a slow machine passes it, too: what the headers save.
runs=
quota untold "requests_per_minute: 3000, window: 1s"
wait "${runs# }"
same "$(jq '.endpoints[0].http.by_status["429"] > 10' untold.out)" true 'untold, it is found by being refused'
done_testing
