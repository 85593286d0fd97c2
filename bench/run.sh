#!/usr/bin/env bash
# Speed and memory of gauntlet, beside wrk against the same nginx. Called by `make bench`.
#
#   bench/run.sh [--quick] [--runs N] [--keep] [CASE...]       cases: image tls text memory wait1k wait10k reopen rescore
#
# Prints a table and writes build/results.json ($OUT names another file). A speed is measured N times (3), wrk before and
# after each, so that whatever else the machine does hits both; the median of the N is printed. docs/benchmarks.md tells more.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
out=${OUT:-$root/build/results.json}
runs=3 keep='' quick='' wrk_seconds=5 cases=()
image_samples=10000 text_samples=40000 many=47524 few=5000 wait_samples=20000 crowd=10000
image_bytes=150000 files=512

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; exit "$1"; }
say() { printf '%s\n' "$*" >&2; }
die() { say "bench: $*"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=1 runs=1 wrk_seconds=2 image_samples=2000 text_samples=10000 many=5000 few=1000 wait_samples=3000 ;;
    --runs) runs=${2:?--runs wants a number}; shift ;;
    --keep) keep=1 ;;
    -h | --help) usage 0 ;;
    image | tls | text | memory | wait1k | wait10k | reopen | rescore) cases+=("$1") ;;
    *) usage 2 >&2 ;;
    esac
    shift
done
[ ${#cases[@]} -gt 0 ] || cases=(image tls text memory wait1k wait10k reopen rescore)

PATH=$PATH:/usr/sbin:/sbin
for tool in nginx wrk openssl sqlite3 "${CC:-gcc}"; do
    command -v "$tool" > /dev/null || die "$tool is missing; tools/deps.sh build bench test installs it"
done
[ -x /usr/bin/time ] || die "/usr/bin/time is missing; tools/deps.sh bench installs it"
[ -x "$gauntlet" ] || die "$gauntlet is not there: make"
ulimit -n "$(ulimit -Hn)"

dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-bench.XXXXXX")
chmod 711 "$dir" # nginx, started by root, spools as nobody
waiter=
clean() {
    stop_nginx
    [ -z "$waiter" ] || kill "$waiter" 2> /dev/null || true
    if [ -n "$keep" ]; then say "kept: $dir"; else rm -rf "$dir"; fi
}
trap clean EXIT
trap 'exit 130' INT TERM

# ---- The other end ---------------------------------------------------------------------------------------------------

# shellcheck source=server.sh
. "$here/server.sh"

# Answers after a second. Its port is the first line it prints.
start_waiter() {
    [ -z "$waiter" ] || return 0
    mkfifo "$dir/port"
    "$dir/delay_server" 1000 > "$dir/port" &
    waiter=$!
    read -r wait_port < "$dir/port"
}

# config URL IN_FLIGHT: one endpoint, one event loop.
config() {
    cat > "$dir/config.yaml" << YAML
version: 1
store: $dir/store.db
dispatch: {io_threads: 1, max_in_flight: $2}
endpoints:
  - name: bench
    protocol: openai-chat
    base_url: $1/v1
    model: bench-model
    limits: {max_in_flight: $2}
    tls: {ca_file: $dir/cert.pem}
YAML
}

# dataset NAME SAMPLES PROMPT_BYTES FILES: made once; the suite has its name.
dataset() {
    [ ! -d "$dir/$1" ] || return 0
    "$dir/make_set" "$dir/$1" "$2" "$3" "$4" "$image_bytes"
    printf 'version: 1\nname: %s\ndataset: %s\nscorers:\n  - refusal: {preset: jbb-13}\n' "$1" "$1" > "$dir/$1.yaml"
}

# ---- Measuring -------------------------------------------------------------------------------------------------------

sql() { sqlite3 "$dir/store.db" "$1"; }
calc() { awk "BEGIN { printf \"${2:-%.3g}\", ($1) }"; }
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# timed COMMAND...: sets wall, cpu (seconds) and rss (MiB).
timed() {
    /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$@" > "$dir/stdout" 2> "$dir/stderr" || {
        tail -5 "$dir/stderr" >&2
        die "failed: $*"
    }
    read -r wall cpu sys rss < "$dir/time"
    cpu=$(calc "$cpu + $sys" %.2f) rss=$(calc "$rss / 1024" %.1f)
}

# run_gauntlet SUITE: a run into a fresh store. Sets samples, rate (trials a second, from the first byte sent to the end
# that the store records), whole_rate (the process from start to exit) and cpu_us (per sample).
run_gauntlet() {
    rm -f "$dir"/store.db*
    timed "$gauntlet" run "$dir/$1.yaml" -c "$dir/config.yaml" --progress none -q
    samples=$(sql "SELECT count(*) FROM trial WHERE status = 'answered'")
    [ "$samples" = "$(sql 'SELECT count(*) FROM trial')" ] || die "$1: only $samples trials were answered"
    [ "$samples" = "$(sql 'SELECT count(*) FROM score')" ] || die "$1: not every trial was scored"
    local seconds
    seconds=$(sql "SELECT (finished_at - (SELECT min(sent_at) FROM attempt)) / 1e6 FROM run")
    rate=$(calc "$samples / $seconds" %.0f) whole_rate=$(calc "$samples / $wall" %.0f)
    cpu_us=$(calc "$cpu / $samples * 1e6" %.0f)
}

# run_wrk URL: requests a second, with bodies of $BODY_BYTES.
run_wrk() {
    wrk -t 1 -c 64 -d "${wrk_seconds}s" -s "$here/wrk_post.lua" "$1/v1/chat/completions" > "$dir/wrk"
    ! grep -E 'Non-2xx|Socket errors' "$dir/wrk" >&2 || die "wrk was not answered"
    awk '/^Requests\/sec/ { print $2 }' "$dir/wrk"
}

# ---- Results ---------------------------------------------------------------------------------------------------------

failed=0 json=() rows=()
# row CASE MEASURED TARGET PASS JSON_MEMBERS
row() {
    local verdict=pass
    [ "$4" = 1 ] || { verdict=miss failed=$((failed + 1)); }
    rows+=("$1|$2|$3|$verdict")
    json+=("{\"case\":\"$1\",\"pass\":$([ "$4" = 1 ] && echo true || echo false),$5}")
    say "  $1: $2 ($verdict)"
}

# speed TITLE SUITE URL MIN_RATIO MAX_CPU_US: wrk, gauntlet, wrk; $runs times; medians. Ratios are taken pair by pair.
speed() {
    local ratios=() rates=() wholes=() cpus=() rsss=() wrks=() before after beside i
    config "$3" 64
    : > "$dir/nginx-length.log"
    run_gauntlet "$2"                       # warms the page cache, and nginx notes how long a body is
    BODY_BYTES=$(sort -n "$dir/nginx-length.log" | tail -1)
    export BODY_BYTES
    for ((i = 0; i < runs; i++)); do
        before=$(run_wrk "$3")
        run_gauntlet "$2"
        after=$(run_wrk "$3")
        beside=$(calc "($before + $after) / 2" %.0f)
        wrks+=("$beside") rates+=("$rate") wholes+=("$whole_rate") cpus+=("$cpu_us") rsss+=("$rss")
        ratios+=("$(calc "$rate / $beside" %.3f)")
    done
    local ratio cpu_median
    ratio=$(median "${ratios[@]}") cpu_median=$(median "${cpus[@]}")
    rate=$(median "${rates[@]}") whole_rate=$(median "${wholes[@]}") beside=$(median "${wrks[@]}") rss=$(median "${rsss[@]}")
    row "$1" "$rate samples/s (whole process $whole_rate), wrk $beside, ratio $ratio, $cpu_median us CPU per sample, $rss MiB" \
        "ratio >= $4, <= $5 us" "$(calc "$ratio >= $4 && $cpu_median <= $5" %d)" \
        "\"samples\":$samples,\"body_bytes\":$BODY_BYTES,\"samples_per_s\":$rate,\"whole_process_per_s\":$whole_rate,\"wrk_per_s\":$beside,\"ratio\":$ratio,\"cpu_us\":$cpu_median,\"rss_mib\":$rss,\"runs\":$runs"
}

case_image() {
    dataset images "$image_samples" 200 "$files"
    speed '150 KB image, HTTP, server spools' images "http://127.0.0.1:$port/spooled" 0.45 400
    speed '150 KB image, HTTP, in memory' images "http://127.0.0.1:$port" 0.25 400
}

case_tls() {
    dataset images "$image_samples" 200 "$files"
    speed '150 KB image, TLS' images "https://localhost:$tls_port" 0.35 1000
}

case_text() {
    dataset text "$text_samples" 800 0
    speed 'text, 1 KB' text "http://127.0.0.1:$port" 0.23 120
}

case_memory() {
    local rss_few
    dataset "images-$few" "$few" 200 "$files"
    dataset "images-$many" "$many" 200 "$files"
    config "http://127.0.0.1:$port" 64
    run_gauntlet "images-$few"
    rss_few=$rss
    run_gauntlet "images-$many"
    row "peak RSS, 64 in flight" "$rss_few MiB for $few samples, $rss MiB for $many (7 GB of images at full size)" \
        "<= 64 MiB, within 10 %" "$(calc "$rss_few <= 64 && $rss <= 64 && $rss <= $rss_few * 1.1 && $rss_few <= $rss * 1.1" %d)" \
        "\"rss_few_mib\":$rss_few,\"rss_many_mib\":$rss,\"samples_per_s\":$rate,\"cpu_us\":$cpu_us"
}

case_wait1k() {
    start_waiter
    dataset wait "$wait_samples" 1800 0
    config "http://127.0.0.1:$wait_port" 1000
    run_gauntlet wait
    row '1,000 in flight, 1 s' "$rate samples/s, $rss MiB, $cpu_us us CPU per sample" '>= 900 samples/s, <= 256 MiB' \
        "$(calc "$rate >= 900 && $rss <= 256" %d)" "\"samples\":$samples,\"samples_per_s\":$rate,\"rss_mib\":$rss,\"cpu_us\":$cpu_us"
}

case_wait10k() {
    if [ "$(ulimit -n)" -lt $((crowd + 100)) ]; then
        say "  10,000 in flight: skipped, this shell may open $(ulimit -n) descriptors; as root: ulimit -Hn 20000"
        return 0
    fi
    start_waiter
    dataset crowd $((3 * crowd)) 1800 0
    config "http://127.0.0.1:$wait_port" "$crowd"
    run_gauntlet crowd
    # How many were on the wire at once: starts less ends, in the order of time.
    local most
    most=$(sql "SELECT max(held) FROM (SELECT sum(step) OVER (ORDER BY at, step ROWS UNBOUNDED PRECEDING) AS held
                FROM (SELECT sent_at AS at, 1 AS step FROM attempt UNION ALL SELECT done_at, -1 FROM attempt))")
    local attempts
    attempts=$(sql 'SELECT count(*) FROM attempt')
    row '10,000 in flight, 1 s, 2 KB' "$most held at once, $rate samples/s, $attempts attempts for $samples trials, $rss MiB" \
        'held, none failed' "$(calc "$most >= $crowd && $attempts == $samples" %d)" \
        "\"held\":$most,\"samples\":$samples,\"attempts\":$attempts,\"samples_per_s\":$rate,\"rss_mib\":$rss,\"cpu_us\":$cpu_us"
}

# A finished run of many trials: reporting on it, and resuming it with one trial put back.
case_reopen() {
    dataset "text-$many" "$many" 800 0
    config "http://127.0.0.1:$port" 64
    run_gauntlet "text-$many"
    local report whole=$wall rate_here=$rate seconds planning
    planning=$(sql "SELECT ((SELECT min(sent_at) FROM attempt) - started_at) / 1e6 FROM run")
    timed "$gauntlet" report last --format json -c "$dir/config.yaml" -q
    report=$wall
    sql "UPDATE run SET status = 'incomplete', finished_at = NULL;
         DELETE FROM score WHERE trial_id = (SELECT max(id) FROM trial);
         DELETE FROM response WHERE trial_id = (SELECT max(id) FROM trial);
         DELETE FROM attempt WHERE trial_id = (SELECT max(id) FROM trial);
         UPDATE trial SET status = 'pending', reason = NULL WHERE id = (SELECT max(id) FROM trial)"
    local begun
    begun=$(date +%s%6N)
    timed "$gauntlet" resume last -c "$dir/config.yaml" --progress none -q
    seconds=$(sql "SELECT ((SELECT max(sent_at) FROM attempt) - $begun) / 1e6")
    row "$many finished trials" \
        "resume sends after $(calc "$seconds" %.2f) s (whole process $wall s), report --format json $report s; planning took $(calc "$planning" %.2f) s" \
        '< 1 s each' "$(calc "$seconds < 1 && $report < 1" %d)" \
        "\"trials\":$many,\"resume_s\":$(calc "$seconds" %.3f),\"resume_process_s\":$wall,\"report_s\":$report,\"plan_s\":$(calc "$planning" %.3f),\"run_process_s\":$whole,\"samples_per_s\":$rate_here"
}

# Two rules over the stored answers of a finished run: one verdict for each answer.
case_rescore() {
    dataset "text-$many" "$many" 800 0
    config "http://127.0.0.1:$port" 64
    run_gauntlet "text-$many"
    local told='' mode per_s faithful
    for mode in faithful normalised; do
        timed "$gauntlet" rescore last --scorer "refusal: {preset: garak-27, mode: $mode}" -c "$dir/config.yaml" --progress none
        per_s=$(sed -n 's/.* verdicts by rules in \([0-9.]*\) s.*/\1/p' "$dir/stderr")
        per_s=$(calc "$many / $per_s" %.0f)
        told="$told$mode $per_s/s (whole process with its report $wall s), "
        [ "$mode" != faithful ] || faithful=$per_s
    done
    row "rescoring $many answers" "${told%, }" '>= 100,000 stored answers/s by a keyword scorer' "$(calc "$faithful >= 100000" %d)" \
        "\"answers\":$many,\"faithful_per_s\":$faithful,\"normalised_per_s\":$per_s"
}

# ---- Main ------------------------------------------------------------------------------------------------------------

for tool in make_set delay_server; do
    "${CC:-gcc}" -O2 -std=c17 -D_GNU_SOURCE -Wall -Wextra -o "$dir/$tool" "$here/$tool.c" -lz
done
start_nginx ''
say "gauntlet $("$gauntlet" version | head -1), load $(cut -d' ' -f1-3 /proc/loadavg)"
for name in "${cases[@]}"; do "case_$name"; done

{
    printf 'case|measured|target|\n'
    printf '%s\n' "${rows[@]}"
} | awk -F'|' '{ printf "%-28s %-6s %s\n%-35s target: %s\n", $1, $4, $2, "", $3 }' | sed '1,2d'
mkdir -p "$(dirname "$out")"
{
    printf '{"schema_version":1,"gauntlet":"%s","quick":%s,"loadavg":"%s","cases":[\n' "$("$gauntlet" version | head -1)" \
        "$([ -n "$quick" ] && echo true || echo false)" "$(cut -d' ' -f1-3 /proc/loadavg)"
    (IFS=,; printf '%s' "${json[*]}" | sed 's/},{/},\n{/g')
    printf '\n]}\n'
} > "$out"
say "written: $out; $failed of ${#rows[@]} missed"
