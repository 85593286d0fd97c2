#!/usr/bin/env bash
# HTTP/1.1 beside HTTP/2 for large uploads over TLS: gauntlet against an nginx that reads each body whole before it answers.
#
#   bench/http_versions.sh [--samples N] [--runs N]      N samples of one 150 KB image each (2000); each case N times (3)
#
# Prints one line for each version and number of requests in flight: samples/s, CPU per sample, peak memory, attempts that failed,
# connections made; medians. docs/adr/003-http-1.1-by-default.md rests on these figures.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
gauntlet=${GAUNTLET:-$(dirname "$here")/gauntlet}
samples=2000 runs=3
die() { printf 'bench: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
    case $1 in
    --samples) samples=${2:?--samples wants a number}; shift ;;
    --runs) runs=${2:?--runs wants a number}; shift ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
PATH=$PATH:/usr/sbin:/sbin
for tool in nginx openssl sqlite3 "${CC:-gcc}"; do command -v "$tool" > /dev/null || die "$tool is missing"; done
[ -x /usr/bin/time ] || die "/usr/bin/time is missing"
[ -x "$gauntlet" ] || die "$gauntlet is not there: make"
ulimit -n "$(ulimit -Hn)"

dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-http.XXXXXX")
clean() {
    [ ! -f "$dir/nginx.pid" ] || kill "$(cat "$dir/nginx.pid")" 2> /dev/null || true
    rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM

"${CC:-gcc}" -O2 -std=c17 -D_GNU_SOURCE -o "$dir/make_set" "$here/make_set.c" -lz
"$dir/make_set" "$dir/images" "$samples" 200 256 150000
printf 'version: 1\nname: images\ndataset: images\nerrors: {max_rate: 1}\nscorers:\n  - refusal: {preset: jbb-13}\n' > "$dir/images.yaml"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2> /dev/null

# nginx cannot be asked for a free port. Of the benchmark's server only the protocol of the TLS port changes.
for try in 1 2 3 4 5; do
    port=$((20000 + ($(od -An -N2 -tu2 /dev/urandom) + try) % 10000))
    sed "s|@DIR@|$dir|g; s|@PORT@|$port|; s|@TLS_PORT@ ssl|$((port + 1)) ssl http2|" "$here/nginx.conf.in" |
        sed 's|^\( *\)tcp_nodelay on;|&\n\1http2_max_concurrent_streams 1024;|' > "$dir/nginx.conf"
    if nginx -c "$dir/nginx.conf" -p "$dir" 2> "$dir/start.log"; then break; fi
    [ "$try" -lt 5 ] || die "nginx does not start: $(tail -1 "$dir/start.log")"
done

calc() { awk "BEGIN { printf \"$2\", ($1) }"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
sql() { sqlite3 "$dir/store.db" "$1"; }

printf '%-8s %9s %10s %8s %8s %7s %9s %12s\n' version in-flight samples/s 'us CPU' 'RSS MiB' failed answered connections
for in_flight in 64 1000; do
    for version in 1.1 2; do
        cat > "$dir/config.yaml" << YAML
version: 1
store: $dir/store.db
dispatch: {io_threads: 1, max_in_flight: $in_flight}
endpoints:
  - name: bench
    protocol: openai-chat
    base_url: https://127.0.0.1:$((port + 1))/v1
    model: bench-model
    http_version: "$version"
    limits: {max_in_flight: $in_flight, timeout: 30s, attempts: 3}
    tls: {ca_file: $dir/cert.pem}
YAML
        rm -f "$dir"/{rate,cpu,rss,failed,answered,connections}
        for ((i = 0; i < runs; i++)); do
            rm -f "$dir"/store.db*
            : > "$dir/nginx-length.log" # a line for each connection
            /usr/bin/time -o "$dir/time" -f '%U %S %M' "$gauntlet" run "$dir/images.yaml" -c "$dir/config.yaml" --progress none -q \
                > "$dir/stdout" 2> "$dir/stderr" || true
            read -r user sys rss < <(tail -1 "$dir/time")
            answered=$(sql "SELECT count(*) FROM trial WHERE status = 'answered'")
            seconds=$(sql "SELECT (finished_at - (SELECT min(sent_at) FROM attempt)) / 1e6 FROM run")
            calc "$answered / $seconds" '%.0f\n' >> "$dir/rate"
            calc "($user + $sys) / $samples * 1e6" '%.0f\n' >> "$dir/cpu"
            calc "$rss / 1024" '%.0f\n' >> "$dir/rss"
            sql 'SELECT count(*) FROM attempt WHERE error_class IS NOT NULL' >> "$dir/failed"
            echo "$answered" >> "$dir/answered"
            wc -l < "$dir/nginx-length.log" >> "$dir/connections"
        done
        printf '%-8s %9s %10s %8s %8s %7s %9s %12s\n' "$version" "$in_flight" "$(median < "$dir/rate")" "$(median < "$dir/cpu")" \
            "$(median < "$dir/rss")" "$(median < "$dir/failed")" "$(median < "$dir/answered")" "$(median < "$dir/connections")"
    done
done
