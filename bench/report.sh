#!/usr/bin/env bash
# How fast the HTML report of a large run is made, and how it behaves in a browser. Called by `make bench-report`.
#
#   bench/report.sh [--samples N] [--keep]                    47,524 samples x 3 endpoints unless given
#
# The run is made against the simulated endpoint; SQL adds about a kilobyte of random words to every answer. The page is written with
# --embed none, focus and all, and the last two are opened in Chromium (bench/report.mjs). Every number stands beside its budget.
# Without Chromium and node, or without build/browser (tests/browser/run.sh makes it), the second part is left out.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
samples=47524 keep=''

die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
    case $1 in
    --samples) samples=${2:?--samples wants a number}; shift ;;
    --keep) keep=1 ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
for tool in sqlite3 "${CC:-gcc}"; do command -v "$tool" > /dev/null || die "$tool is missing"; done
[ -x /usr/bin/time ] || die "/usr/bin/time is missing; tools/deps.sh bench installs it"
dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-bench.XXXXXX")
# shellcheck disable=SC2317 # called by the trap
clean() { if [ -n "$keep" ]; then echo "kept: $dir" >&2; else rm -rf "$dir"; fi; }
trap clean EXIT
trap 'exit 130' INT TERM

# ---- A store ---------------------------------------------------------------------------------------------------------

"${CC:-gcc}" -O2 -o "$dir/make_set" "$here/make_set.c" -lz
"$dir/make_set" "$dir/set" "$samples" 900 64 20000
printf 'version: 1\nname: set\ndataset: set\nscorers:\n  - refusal: {preset: jbb-13}\n' > "$dir/set.yaml"
printf 'version: 1\noutcomes: {complied: 0.15, partial: 0.06, deflected: 0.03, blocked: 0.02}\nlatency: {min: 1ms, median: 4ms, p99: 60ms}\n' > "$dir/profile.yaml"
{
    printf 'version: 1\nendpoints:\n'
    for name in a b c; do printf '  - {name: sim-%s, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: sim-%s}\n' $name $name; done
} > "$dir/config.yaml"
(cd "$dir" && "$gauntlet" run set.yaml --sim=profile.yaml --db report.db --progress none -q > /dev/null)
sqlite3 "$dir/report.db" > /dev/null << 'SQL'
PRAGMA synchronous = OFF;
CREATE TEMP TABLE word (n INTEGER PRIMARY KEY, text TEXT);
INSERT INTO word SELECT key, value FROM json_each('["the","of","to","step","open","box","read","card","place","note","page","line","count",
"order","letter","number","paper","table","window","garden","river","stone","bread","water","light","small","large","under","over","before",
"after","while","because","however","therefore","simple","placeholder","example","harmless","answer","question","section","part","first",
"second","third","again","slowly","quickly","between","without","within"]');
CREATE TEMP TABLE pool (n INTEGER PRIMARY KEY, text TEXT);
INSERT INTO pool WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 399999)
SELECT n / 40, group_concat((SELECT text FROM word WHERE word.n = abs(random() + c.n * 0) % 52), ' ') FROM c GROUP BY n / 40;
UPDATE response SET content = content || char(10) || (SELECT group_concat(text, ' ') FROM pool WHERE n IN
  (abs(random() + trial_id * 0) % 10000, abs(random() + trial_id * 0) % 10000, abs(random() + trial_id * 0) % 10000,
   abs(random() + trial_id * 0) % 10000, abs(random() + trial_id * 0) % 10000));
PRAGMA wal_checkpoint(TRUNCATE);
SQL

# ---- Written ----------------------------------------------------------------------------------------------------------

missed=0
# line WHAT VALUE UNIT BUDGET
line() {
    awk -v what="$1" -v value="$2" -v unit="$3" -v budget="$4" 'BEGIN {
        printf "| %-44s | %10.4g %-4s | %8s %-4s | %s |\n", what, value, unit, budget, unit, value + 0 < budget + 0 ? "pass" : "miss"
        exit value + 0 >= budget + 0 }' || missed=1
}
trials=$(sqlite3 "$dir/report.db" 'SELECT count(*) FROM trial')
bytes=$(sqlite3 "$dir/report.db" 'SELECT sum(length(content)) FROM response')
echo "$trials trials, answers of $((bytes / trials)) bytes, store of $(($(stat -c %s "$dir/report.db") / 1048576)) MiB"
echo "| what | measured | budget | |"
echo "|---|---|---|---|"
for embed in none focus all; do
    /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$gauntlet" report last --db "$dir/report.db" --embed $embed -o "$dir/$embed.html" -q
    read -r seconds user system kib < "$dir/time"
    budget=$([ $embed = all ] && echo 12 || echo 3)
    line "--embed $embed: made in" "$seconds" s "$budget"
    line "--embed $embed: processor time, of two cores" "$(awk -v u="$user" -v s="$system" 'BEGIN { print u + s }')" s $((2 * budget))
    line "--embed $embed: memory" $((kib / 1024)) MiB 300
    line "--embed $embed: the file" "$(awk -v b="$(stat -c %s "$dir/$embed.html")" 'BEGIN { print b / 1e6 }')" MB "$([ $embed = all ] && echo 150 || echo 25)"
done

# ---- Opened -----------------------------------------------------------------------------------------------------------

if command -v node > /dev/null && [ -d "$root/build/browser/node_modules" ]; then
    for embed in focus all; do
        while IFS=$'\t' read -r what value unit budget; do line "$embed: $what" "$value" "$unit" "$budget"; done \
            < <(MODULES=$root/build/browser node "$here/report.mjs" "$dir/$embed.html")
    done
else
    echo 'the page was not opened: node or build/browser is missing (tests/browser/run.sh)' >&2
fi
exit $missed
