#!/usr/bin/env bash
# How fast `gauntlet view` answers on a large run. Called by `make bench-view`.
#
#   bench/view.sh [--samples N] [--endpoints N] [--keep]      47,524 samples x 10 endpoints = 475,240 trials unless given
#
# A run over the samples is made against the simulated endpoint; SQL makes further endpoints of it, with other verdicts and latencies
# and answers of 500 bytes. Each request is sent $REPEATS times (20), one after the other; median and slowest are printed, in milliseconds
# of curl's time_total. A page of 100 must take less than 50 ms in the median.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
samples=47524 endpoints=10 keep='' repeats=${REPEATS:-20} target_ms=50

die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
    case $1 in
    --samples) samples=${2:?--samples wants a number}; shift ;;
    --endpoints) endpoints=${2:?--endpoints wants a number}; shift ;;
    --keep) keep=1 ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
for tool in sqlite3 curl jq "${CC:-gcc}"; do command -v "$tool" > /dev/null || die "$tool is missing"; done
dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-bench.XXXXXX")
pid=
# shellcheck disable=SC2317  # the trap calls it
clean() {
    [ -z "$pid" ] || kill "$pid" 2> /dev/null || true
    if [ -n "$keep" ]; then echo "kept: $dir" >&2; else rm -rf "$dir"; fi
}
trap clean EXIT
trap 'exit 130' INT TERM

# ---- A store ---------------------------------------------------------------------------------------------------------

"${CC:-gcc}" -O2 -o "$dir/make_set" "$here/make_set.c" -lz
"$dir/make_set" "$dir/set" "$samples" 300 0 0
printf 'version: 1\nname: set\ndataset: set\nscorers:\n  - refusal: {preset: jbb-13}\n' > "$dir/set.yaml"
printf 'version: 1\noutcomes: {complied: 0.2, deflected: 0.1}\n' > "$dir/profile.yaml"
(cd "$dir" && "$gauntlet" run set.yaml --sim=profile.yaml --db view.db --progress none -q > /dev/null)
sqlite3 "$dir/view.db" > /dev/null << SQL
PRAGMA synchronous = OFF;
PRAGMA foreign_keys = OFF;
BEGIN;
UPDATE response SET content = content || ' ' || hex(zeroblob(240)), latency_us = 20000 + abs(random() % 9000000),
                    completion_tokens = abs(random() % 900);
CREATE TEMP TABLE copy AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $endpoints - 1)
SELECT n, n * (SELECT max(id) FROM trial) AS shift, (SELECT min(id) FROM endpoint) + n AS endpoint FROM c WHERE $endpoints > 1;
INSERT INTO endpoint (id, run_id, name, protocol, base_url, model, evidence, first_trial, last_trial)
SELECT c.endpoint, run_id, 'endpoint-' || n, protocol, base_url, model, evidence, first_trial + shift, last_trial + shift FROM endpoint, copy c;
INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status)
SELECT id + shift, run_id, endpoint, sample_id, epoch, status FROM copy CROSS JOIN trial ORDER BY n, id;
INSERT INTO attempt (id, trial_id, number, trace_id, sent_at, done_at, http_status)
SELECT id + shift * 2, trial_id + shift, number, trace_id, sent_at, done_at, http_status FROM copy CROSS JOIN attempt WHERE trial_id <= (SELECT min(shift) FROM copy) ORDER BY n, id;
INSERT INTO response (trial_id, attempt_id, latency_us, completion_tokens, prompt_tokens, content)
SELECT trial_id + shift, attempt_id + shift * 2, latency_us + n * 1000, abs(random() % 900), prompt_tokens, content FROM copy CROSS JOIN response ORDER BY n, trial_id;
INSERT INTO score (trial_id, scorer_id, verdict)
SELECT trial_id + shift, scorer_id, iif((trial_id + n) % 7 = 0, 'partial', verdict) FROM copy CROSS JOIN score ORDER BY n, trial_id;
COMMIT;
ANALYZE;
PRAGMA wal_checkpoint(TRUNCATE);
SQL
trials=$(sqlite3 "$dir/view.db" 'SELECT count(*) FROM trial')
[ "$trials" = $((samples * endpoints)) ] || die "the store has $trials trials"

# ---- Asked ------------------------------------------------------------------------------------------------------------

"$gauntlet" view last --db "$dir/view.db" > "$dir/url" 2> "$dir/err" &
pid=$!
for _ in $(seq 200); do [ -s "$dir/url" ] && break; sleep 0.05; done
url=$(cat "$dir/url") at=${url%%/\?t=*}
curl -s -c "$dir/jar" -o /dev/null "$url"
run=$(curl -s -b "$dir/jar" "$at/api/runs" | jq -r '.runs[0].id')
rows=/api/runs/$run/rows
ask() { curl -sf -b "$dir/jar" -o "$dir/body" -w '%{time_total}\n' "$at$1" || die "no answer: $1"; }
missed=0
# line TITLE PATH [LIMIT_MS]
line() {
    for _ in $(seq "$repeats"); do ask "$2"; done | sort -g > "$dir/times"
    awk -v title="$1" -v limit="${3:-0}" '{ t[NR] = $1 * 1000 }
        END { m = NR % 2 ? t[(NR + 1) / 2] : (t[NR / 2] + t[NR / 2 + 1]) / 2
              printf "| %-58s | %8.1f | %8.1f | %s |\n", title, m, t[NR], limit ? (m < limit ? "pass" : "miss") : ""
              exit limit && m >= limit }' "$dir/times" || missed=1
}
rss() { awk '/^VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status"; }

echo "$trials trials, store of $(($(stat -c %s "$dir/view.db") / 1048576)) MiB, $repeats requests each"
echo "| request | median ms | slowest ms | under $target_ms ms |"
echo "|---|---|---|---|"
first=$(ask "$rows")
printf '| %-58s | %8.1f | | |\n' "the first page of all: rows are read into memory" "$(awk "BEGIN { print $first * 1000 }")"
line "100 rows, no filter" "$rows" $target_ms
deep=$(curl -s -b "$dir/jar" "$at$rows?sort=-latency&limit=1&latency_max=4000" | jq -r '.next')
line "100 rows after the middle, slowest first" "$rows?sort=-latency&after=$deep" $target_ms
line "100 of the complied ones of one endpoint" "$rows?verdict=complied&endpoint=endpoint-3" $target_ms
line "100 of one category, two verdicts, by tokens" "$rows?verdict=complied&verdict=partial&sort=-tokens&category=$(jq -r '.facets.category.values[0].key | @uri' "$dir/body")" $target_ms
line "100 rows by id" "$rows?sort=sample" $target_ms
line "a slice of a search that finds nothing" "$rows?q=nowhere-to-be-found"
line "a page of a search that finds much" "$rows?q=sorry" 100
line "one trial, with all beside it" "/api/trials/$((trials / 2))" $target_ms
line "all trials as columns, for the browser" "/api/runs/$run/browser/columns"
line "ids and intents of all samples" "/api/runs/$run/browser/names"
line "status" "/api/runs/$run/status"
summary=$(ask "/api/runs/$run/summary")
printf '| %-58s | %8.1f | | |\n' "the summary, made anew" "$(awk "BEGIN { print $summary * 1000 }")"
line "the summary, kept" "/api/runs/$run/summary"
echo "peak memory of the viewer: $(rss) MiB"
exit $missed
