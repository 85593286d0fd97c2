#!/bin/sh
# Parquet files of two independent writers, written here and now with options drawn from a seed, go through a whole run; what
# the store then has is what the writers say they wrote. Needs pyarrow for $PYTHON (python3) and hyparquet-writer for node.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
SUPPORT=$ROOT/tests/support
PYTHON=${PYTHON:-python3}
SETS=${PARQUET_SETS:-6}

# a_set FOLDER: a manifest and a suite around FOLDER/data.parquet.
a_set() {
    cat > "$1/dataset.yaml" << END
gauntlet_dataset: 1
name: written
version: "1"
format: parquet
files: [{path: data.parquet}]
columns:
  id: {column: id}
  intent: {column: intent}
  prompt: {column: $2}
  images: [$3]
  extra: {columns: [$4]}
licence: {id: CC0-1.0, redistribute: true}
END
    cat > "$1/suite.yaml" << END
version: 1
name: written
dataset: $1
scorers: [refusal: {preset: jbb-13, mode: normalised}]
END
}

# compared FOLDER WRITER: runs the set and compares the store with what the writer says.
compared() {
    run run "$GAUNTLET" run "$1/suite.yaml" --sim=clean --db "$1/store.db" -q
    exits run 0 "$2: the set is run"
    sqlite3 -batch -noheader -separator '	' "$1/store.db" "SELECT DISTINCT path, sha256 FROM image" | sort > "$1/images.got"
    sort "$1/images" > "$1/images.expected"
    if cmp -s "$1/images.got" "$1/images.expected"; then
        ok "$2: every image that was asked with is the one that was written ($(wc -l < "$1/images" | tr -d ' ') images)"
    else
        not_ok "$2: every image is the one that was written" "$(cat "$1/options" 2> /dev/null)" "$(diff "$1/images.expected" "$1/images.got" | head -n 10)"
    fi
    [ -f "$1/rows" ] || return
    sqlite3 -batch -noheader "$1/store.db" "SELECT json_array(key, intent, prompt, json(extra_json)) FROM sample ORDER BY id" |
        jq -cS . | sort > "$1/rows.got"
    jq -cS . "$1/rows" | sort > "$1/rows.expected"
    if cmp -s "$1/rows.got" "$1/rows.expected"; then
        ok "$2: every row is as it was written ($(wc -l < "$1/rows" | tr -d ' ') rows)"
    else
        not_ok "$2: every row is as it was written" "$(cat "$1/options")" "$(diff "$1/rows.expected" "$1/rows.got" | head -n 10)"
    fi
}

if ! command -v "$PYTHON" > /dev/null || ! "$PYTHON" -c 'import pyarrow' 2> /dev/null; then
    skip "files that pyarrow writes" "$PYTHON has no pyarrow"
else
    seed=${PARQUET_SEED:-7}
    run write "$PYTHON" "$SUPPORT/write_parquet.py" set "$WORK/pyarrow" "$seed" "$SETS"
    exits write 0 "pyarrow writes $SETS files (seed $seed)"
    i=0
    while [ $i -lt "$SETS" ]; do
        a_set "$WORK/pyarrow/$i" prompt '{column: image}, {column: images}' 'note, tags, n'
        compared "$WORK/pyarrow/$i" "pyarrow $i"
        i=$((i + 1))
    done
fi

if ! command -v node > /dev/null || ! node -e 'require("hyparquet-writer")' 2> /dev/null &&
    ! node -e 'require.resolve("hyparquet-writer")' 2> /dev/null; then
    skip "files that hyparquet-writer writes" "node has no hyparquet-writer (NODE_PATH)"
else
    i=0
    for shape in '12 1000000 1000' '100 300 1000' '100 50 7'; do
        mkdir -p "$WORK/hyparquet/$i"
        # shellcheck disable=SC2086 # rows, bytes of a page, rows of a group
        run write node "$SUPPORT/write_parquet.mjs" "$WORK/hyparquet/$i/data.parquet" "$WORK/hyparquet/$i/images" $shape
        exits write 0 "hyparquet-writer writes a file ($shape)"
        a_set "$WORK/hyparquet/$i" id '{column: image}' 'tags, n, ok'
        compared "$WORK/hyparquet/$i" "hyparquet $i"
        i=$((i + 1))
    done
fi
done_testing
