#!/bin/sh
# Fuzzes parsers with clang's libFuzzer under AddressSanitizer and UndefinedBehaviorSanitizer.
# usage: tools/fuzz.sh SECONDS tests/fuzz/fuzz_<parser>.c...
# Each target runs on a copy of its corpus in build/fuzz; a crash leaves its input there, says where, and exits 1.
set -u
cd "$(dirname "$0")/.." || exit 70
out=build/fuzz
CLANG=${CLANG:-clang}

case ${1:-} in
'' | *[!0-9]*) echo 'usage: tools/fuzz.sh SECONDS tests/fuzz/fuzz_<parser>.c...' >&2; exit 2 ;;
esac
seconds=$1
shift
if [ $# -eq 0 ]; then
    echo 'fuzz: no target given' >&2
    exit 2
fi
if ! command -v "$CLANG" > /dev/null; then
    echo "fuzz: needs clang with its sanitizers; install them with: tools/deps.sh check" >&2
    exit 2
fi

# The library once more with coverage and sanitizers; only what changed is compiled again. The replay's main is not in it.
mkdir -p "$out"
make -j"${FUZZ_JOBS:-2}" --no-print-directory BUILD=fuzz CC="$CLANG" \
    CFLAGS_fuzz='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' \
    "$out/libgauntlet.a" > "$out.log" 2>&1 || { cat "$out.log" >&2; exit 1; }

libs=$(pkg-config --cflags --libs libcurl libcjson sqlite3 yaml-0.1 libmicrohttpd libutf8proc libcrypto zlib libarchive libzstd)
failed=0
for target in "$@"; do
    name=$(basename "$target" .c)
    corpus=$out/corpus/${name#fuzz_}
    mkdir -p "$corpus"
    cp -R "tests/fuzz/corpus/${name#fuzz_}/." "$corpus/" 2> /dev/null
    # shellcheck disable=SC2086 # a list of flags
    if ! "$CLANG" -std=c17 -D_GNU_SOURCE -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iharness -I. \
        -o "$out/$name" "$target" "$out/libgauntlet.a" $libs -lm -pthread; then
        failed=1
        continue
    fi
    echo "fuzz: $name, $seconds s"
    if "$out/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$out/$name-" \
        -print_final_stats=1 "$corpus" > "$out/$name.log" 2>&1; then
        sed -n 's/^stat::number_of_executed_units: */  inputs tried: /p' "$out/$name.log"
    else
        echo "fuzz: $name FAILED; input: $(sed -n 's/.*Test unit written to //p' "$out/$name.log" | tail -n 1), log: $out/$name.log" >&2
        tail -n 40 "$out/$name.log" >&2
        failed=1
    fi
done
exit $failed
