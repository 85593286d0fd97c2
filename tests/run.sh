#!/bin/sh
# Runs the tests and counts their TAP lines. usage: tests/run.sh [unit|flow]; reads B (build folder) and GAUNTLET (binary).
# Ends with "N passed, N failed" (", N skipped" when some were), exit 1 when anything failed.
set -u
cd "$(dirname "$0")/.." || exit 70
B=${B:-build/release}
GAUNTLET=${GAUNTLET:-$PWD/$B/gauntlet}
export B GAUNTLET
what=${1:-all}
out=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-tests.XXXXXX") || exit 70
trap 'rm -rf "$out"' EXIT INT TERM

list=$out/list
: > "$list"
if [ "$what" != flow ]; then
    find "$B/tests/unit" "$B/tests/fuzz" -type f -perm -u+x 2>/dev/null | sort >> "$list"
fi
if [ "$what" != unit ]; then
    find tests/flow -name '*.sh' -type f | sort >> "$list"
fi

# One test program: its TAP lines go to a file of its own; a crash or a time-out is a failed test.
cat > "$out/one" <<'ONE'
#!/bin/sh
program=$1 out=$2
name=$(echo "$program" | sed 's|^.*/tests/||; s|^tests/||' | tr / _)
CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 10 "${TEST_TIMEOUT:-300}" "$program" > "$out/$name.tap" 2> "$out/$name.err"
code=$?
sed -i 's/^not ok\(.*# SKIP\)/ok\1/' "$out/$name.tap"    # cmocka's word for a skipped test
failed=$(grep -c '^not ok' "$out/$name.tap")
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "not ok - $name ended with $code" >> "$out/$name.tap"
elif ! grep -q '^ok\|^not ok' "$out/$name.tap"; then
    echo "not ok - $name ran no test" >> "$out/$name.tap"
fi
if grep -q '^not ok' "$out/$name.tap"; then
    { echo "---- $name"; grep -v '^ok' "$out/$name.tap" | head -n 60; tail -n 60 "$out/$name.err"; }
fi
ONE
chmod +x "$out/one"
xargs -P "${TEST_JOBS:-2}" -I{} "$out/one" {} "$out" < "$list"

cat "$out"/*.tap > "$out/all" 2>/dev/null
grep '# SKIP\|# skip' "$out/all" | sed 's/^ok[ 0-9]*-* */skipped: /'
skipped=$(grep -c '^ok.*# \(SKIP\|skip\)' "$out/all")
passed=$(($(grep -c '^ok' "$out/all") - skipped))
failed=$(grep -c '^not ok' "$out/all")
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
