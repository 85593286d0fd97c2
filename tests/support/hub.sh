# Sourced after flow.sh by the tests of `gauntlet pull`: the fake Hub, repositories to pull, and an environment of its own.
# shellcheck shell=sh disable=SC2034,SC2154
case ${B:-build/release} in
/*) FAKE_HUB=$B/tests/support/fake_hub ;;
*) FAKE_HUB=$ROOT/${B:-build/release}/tests/support/fake_hub ;;
esac
unset HF_TOKEN HF_TOKEN_PATH HF_HUB_CACHE HUGGINGFACE_HUB_CACHE HF_HUB_OFFLINE XDG_CACHE_HOME HF_HUB_DOWNLOAD_TIMEOUT HF_ENDPOINT
export HF_HOME="$WORK/hf" TERM=dumb

# start_hub ROOT [PAGE [TOGETHER]]: $HUB and $CDN are its URLs, $HUB_PID its process; commits by `commit_of ORG/NAME@REVISION`.
start_hub() {
    HUB_ROOT=$1
    "$FAKE_HUB" "$@" > "$WORK/hub.out" 2> "$WORK/hub.err" &
    HUB_PID=$!
    SERVERS="$SERVERS $HUB_PID"
    for _ in $(seq 1200); do
        grep -q '^ready' "$WORK/hub.out" && break
        sleep 0.05
    done
    HUB=$(sed -n 's/^hub //p' "$WORK/hub.out") CDN=$(sed -n 's/^cdn //p' "$WORK/hub.out")
    [ -n "$HUB" ] || { echo "# the fake Hub did not start: $(cat "$WORK/hub.err")"; exit 70; }
    export HF_ENDPOINT="$HUB"
}
commit_of() { sed -n "s|^commit $1 ||p" "$WORK/hub.out"; }
# fault LINE…: plants them, and only them; without a line none.
FAULTS=0
fault() {
    FAULTS=$((FAULTS + 1))
    printf '%s\n' "# $FAULTS" "$@" > "$HUB_ROOT/.faults.new"    # the number makes the file a new one
    mv "$HUB_ROOT/.faults.new" "$HUB_ROOT/.faults"
}
meta() { for line in "$@"; do printf '%s\n' "$line"; done > "$HUB_ROOT/.meta"; }
forget_log() { : > "$HUB_ROOT/.log"; }
# small_set DIR: an image folder with two splits, an empty file, names that need encoding, and a larger file in LFS.
small_set() {
    set -- "$1" "$ROOT"/datasets/demo/images/*.png    # the first two will do
    mkdir -p "$1/train/img" "$1/test/img" "$1/sub dir"
    printf -- '---\nlicense: cc0-1.0\n---\n# A set\n' > "$1/README.md"
    for split in train test; do
        cp "$2" "$1/$split/img/1.png"
        cp "$3" "$1/$split/img/2.png"
        for n in 1 2; do
            printf '{"file_name":"img/%d.png","goal":"Say the codeword","prompt":"What is in picture %d?","category":"A. Codewords","method":"typographic"}\n' $n $n
        done > "$1/$split/metadata.jsonl"
    done
    : > "$1/sub dir/empty"
    echo odd > "$1/sub dir/ä 100%#1?.txt"
    awk 'BEGIN { for (i = 0; i < 60000; i++) printf "line %d of a larger file\n", i * 7919 }' > "$1/large.bin"
}
# whole DIR SOURCE SENTENCE: the folder has the very files of the source, the lock beside them, and nothing else.
whole() {
    if diff -r -x dataset.lock "$2" "$1" > "$WORK/diff" 2>&1 && [ -s "$1/dataset.lock" ]; then ok "$3"; else not_ok "$3" "$(cat "$WORK/diff")" "$(ls -A "$1")"; fi
}
