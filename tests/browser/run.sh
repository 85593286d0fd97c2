#!/bin/sh
# The tests of the HTML pages in a real browser. usage: tests/browser/run.sh [WORDS OF A TEST'S NAME]
# Needs node and Chromium (tools/deps.sh browser); the two npm packages go to build/browser. Without them the tests are
# skipped, and the last line says so: "0 passed, 0 failed, 1 skipped".
set -u
cd "$(dirname "$0")/../.." || exit 70
MODULES=$PWD/build/browser
GAUNTLET=${GAUNTLET:-$PWD/gauntlet}
export MODULES GAUNTLET

skip() {
    echo "skipped: browser tests: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

command -v node > /dev/null || skip "node is not installed (make deps-browser)"
[ -n "${CHROMIUM:-}" ] || for name in chromium chromium-browser google-chrome; do
    CHROMIUM=$(command -v $name) && export CHROMIUM && break
done
[ -n "${CHROMIUM:-}" ] || skip "no Chromium is installed (make deps-browser)"
mkdir -p "$MODULES"
if ! cmp -s tests/browser/package-lock.json "$MODULES/package-lock.json" || [ ! -d "$MODULES/node_modules" ]; then
    command -v npm > /dev/null || skip "npm is not installed (make deps-browser)"
    cp tests/browser/package.json tests/browser/package-lock.json "$MODULES/"
    if ! (cd "$MODULES" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1); then
        rm -f "$MODULES/package-lock.json"
        skip "npm could not install playwright-core and axe-core: $(tail -n 1 "$MODULES/npm.log")"
    fi
fi
exec node tests/browser/run.mjs "$@"
