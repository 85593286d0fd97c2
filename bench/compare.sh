#!/usr/bin/env bash
# Time and memory of comparing two runs of 47,524 trials, and of the report of one.
#
#   bench/compare.sh [SAMPLES]
#
# Makes a set of texts, runs it twice against the simulated endpoint (a minute), then measures three times each and prints the
# slowest: `compare` with every test and 2,000 bootstrap draws (target < 3 s, < 200 MiB), `report --format json` (target < 1 s).
# Exit 1 when a target is missed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
gauntlet=${GAUNTLET:-$(dirname "$here")/gauntlet}
samples=${1:-47524}
[ -x "$gauntlet" ] || { echo "bench: $gauntlet is not there: make" >&2; exit 1; }
[ -x /usr/bin/time ] || { echo "bench: /usr/bin/time is missing; tools/deps.sh bench installs it" >&2; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-compare.XXXXXX")
trap 'rm -rf "$dir"' EXIT

"${CC:-gcc}" -O2 -o "$dir/make_set" "$here/make_set.c" -lz
"$dir/make_set" "$dir/set" "$samples" 300 0 0
printf 'version: 1\nname: bench\ndataset: set\nscorers:\n  - refusal: {preset: jbb-13}\n' > "$dir/bench.yaml"
printf 'version: 1\nstore: %s/store.db\nendpoints:\n  - {name: bench, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: bench}\n' "$dir" > "$dir/config.yaml"
for side in base:0.20:0.80:1 candidate:0.21:0.79:2; do
    IFS=: read -r name complied refused seed <<< "$side"
    printf 'version: 1\noutcomes: {complied: %s, refused: %s}\n' "$complied" "$refused" > "$dir/$name.yaml"
    "$gauntlet" run "$dir/bench.yaml" -c "$dir/config.yaml" --sim="$dir/$name.yaml" --seed "$seed" --name "$name" -q --progress none > /dev/null
done

failed=0
# measure WHAT SECONDS MIB COMMAND...: the slowest of three
measure() {
    local what=$1 seconds=$2 mib=$3 wall=0 rss=0 cpu=0 w u k r
    shift 3
    for _ in 1 2 3; do
        /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$@" > "$dir/out"
        read -r w u k r < "$dir/time"
        wall=$(awk "BEGIN { print ($w > $wall) ? $w : $wall }") rss=$((r > rss ? r : rss)) cpu=$(awk "BEGIN { c = $u + $k; print (c > $cpu) ? c : $cpu }")
    done
    local pass=yes
    awk "BEGIN { exit !($wall < $seconds && $rss / 1024 < $mib) }" || { pass=no; failed=1; }
    awk "BEGIN { printf \"%-24s %6.2f s (target < %s), %.2f s of it computing  %6.1f MiB (target < %s)  %s\n\", \"$what\", $wall, \"$seconds\", $cpu, $rss / 1024, \"$mib\", \"$pass\" }"
}
measure 'compare' 3 200 "$gauntlet" compare base candidate --db "$dir/store.db"
measure 'compare --json' 3 200 "$gauntlet" compare base candidate --db "$dir/store.db" --json
measure 'report --format json' 1 200 "$gauntlet" report base --db "$dir/store.db" --format json
exit $failed
