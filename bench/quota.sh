#!/usr/bin/env bash
# How near a run comes to a quota that nobody told it, and to the number of requests that a server can work on at once.
#
#   bench/quota.sh [--quick] [QUOTA...]      quotas a minute; default 60 600 6000 60000; --quick: 6000, and knees for 20 s
#
# Each quota is enforced by `gauntlet sim` in two ways: as a token bucket that gives no hint (`bucket`), and in windows of a minute with
# Retry-After (`window`). `max_in_flight: auto`, no requests_per_minute. Counted over whole windows of the server, the second and third
# minute since it started:
# answers as a share of the quota, and the share of attempts that were answered 429. Knees: a server that works on K requests at
# once and lets the others wait; what settles is the mean number in flight. Targets: >= 90 %, <= 5 %; within 20 % of the knee.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
quotas=() knees=(8 32 128) minutes=3 knee_seconds=40
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quotas=(6000) minutes=2 knee_seconds=20 ;;
    [0-9]*) quotas+=("$1") ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
[ ${#quotas[@]} -gt 0 ] || quotas=(60 600 6000 60000)
[ -x "$gauntlet" ] || { echo "bench: $gauntlet is not there: make" >&2; exit 1; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-quota.XXXXXX")
servers=()
clean() {
    [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2> /dev/null || true
    rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM
"${CC:-gcc}" -O2 -std=c17 -D_GNU_SOURCE -o "$dir/make_set" "$here/make_set.c" -lz

# start NAME SECONDS SAMPLES: a server with NAME's profile, and a run against it that is stopped after so long.
start() {
    local url=''
    date +%s%6N > "$dir/$1.began"
    "$gauntlet" sim --listen 127.0.0.1:0 --profile "$dir/$1.profile.yaml" > "$dir/$1.sim" 2> /dev/null &
    servers+=($!)
    until url=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$dir/$1.sim" 2> /dev/null | head -1) && [ -n "$url" ]; do sleep 0.05; done
    "$dir/make_set" "$dir/$1" "$3" 200 0 0
    printf 'version: 1\nstore: %s\ndispatch: {max_in_flight: 1024}\nendpoints:\n  - {name: quota, protocol: openai-chat, base_url: "%s", model: m}\n' \
        "$dir/$1.db" "$url" > "$dir/$1.config.yaml"
    printf 'version: 1\nname: %s\ndataset: %s\nscorers: [refusal]\n' "$1" "$dir/$1" > "$dir/$1.yaml"
    timeout -s INT "$2" "$gauntlet" run "$dir/$1.yaml" -c "$dir/$1.config.yaml" --no-evidence --progress none -q > /dev/null 2>&1 &
    runs+=($!)
}
sql() { sqlite3 "$dir/$1.db" "$2"; }

# ---- quotas: all at once, for they wait more than they work ----
runs=()
for r in "${quotas[@]}"; do
    for how in bucket window; do
        if [ $how = bucket ]; then
            limit="{requests_per_minute: $r, burst: $((r / 60 > 1 ? r / 60 : 1)), retry_after: none}"
        else
            limit="{requests_per_minute: $r, window: 60s, retry_after: seconds}"
        fi
        printf 'version: 1\nlatency: 20ms\nrate_limit: %s\n' "$limit" > "$dir/$how-$r.profile.yaml"
        start "$how-$r" $((minutes * 60 + 5)) $((r * (minutes + 1) + 200))
    done
done
wait "${runs[@]}" 2> /dev/null || true

missed=0
printf '%-10s %-8s %12s %10s\n' 'quota/min' 'how' 'reached' '429'
for r in "${quotas[@]}"; do
    for how in bucket window; do
        name=$how-$r
        read -r reached refused <<< "$(sql "$name" "
            WITH t AS (SELECT $(cat "$dir/$name.began") + 60000000 AS first, $(cat "$dir/$name.began") + $minutes * 60000000 AS last)
            SELECT 100.0 * sum(http_status = 200) / ($r * ($minutes - 1)), 100.0 * sum(http_status = 429) / count(*)
              FROM attempt, t WHERE done_at BETWEEN first AND last" | tr '|' ' ')"
        verdict=$(awk "BEGIN { print (${reached:-0} >= 90 && ${refused:-100} <= 5) ? \"\" : \"missed\" }")
        [ -z "$verdict" ] || missed=$((missed + 1))
        printf '%-10s %-8s %10.1f %% %8.1f %% %s\n' "$r" "$how" "${reached:-0}" "${refused:-0}" "$verdict"
    done
done

# ---- knees: one after the other, for they are about time ----
printf '\n%-10s %12s %14s\n' 'knee' 'in flight' 'answers/s'
for k in "${knees[@]}"; do
    runs=()
    printf 'version: 1\nlatency: 100ms\ncapacity: {places: %s, beyond: queue}\n' "$k" > "$dir/knee-$k.profile.yaml"
    start "knee-$k" "$knee_seconds" $((k * 10 * knee_seconds + 1000))
    wait "${runs[@]}" 2> /dev/null || true
    read -r held rate <<< "$(sql "knee-$k" "
        WITH t AS (SELECT min(sent_at) + $knee_seconds * 500000 AS first, max(done_at) - 1000000 AS last FROM attempt)
        SELECT 1.0 * sum(min(done_at, last) - max(sent_at, first)) / (last - first), 1e6 * sum(done_at BETWEEN first AND last) / (last - first)
          FROM attempt, t WHERE done_at > first AND sent_at < last" | tr '|' ' ')"
    verdict=$(awk "BEGIN { d = ${held:-0} / $k; print (d >= 0.8 && d <= 1.2) ? \"\" : \"missed\" }")
    [ -z "$verdict" ] || missed=$((missed + 1))
    printf '%-10s %12.1f %14.1f %s\n' "$k" "${held:-0}" "${rate:-0}" "$verdict"
done
echo "$missed missed, load $(cut -d' ' -f1-3 /proc/loadavg)"
