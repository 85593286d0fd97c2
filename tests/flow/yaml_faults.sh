#!/bin/sh
# A configuration or a suite that is not what it should be: named with its place, refused with exit 2, nothing stored.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 3
suite_of good.yaml set

# refused NAME PATTERN SENTENCE -- COMMAND…: exit 2, the pattern on stderr, nothing on stdout.
refused() {
    refused_name=$1 refused_pattern=$2 refused_what=$3; shift 4
    run "$refused_name" "$@"
    exits "$refused_name" 2 "$refused_what: exit 2"
    says "$refused_name.err" "$refused_pattern" "$refused_what: says what and where"
    same "$(wc -c < "$refused_name.out")" 0 "$refused_what: nothing on stdout"
}
# Both kinds of file go through the same mistakes; ask_config and ask_suite read one.
ask_config() { "$GAUNTLET" check -c "$1"; }
ask_suite() { "$GAUNTLET" run "$1" --sim=clean --db store.db; }

for kind in config suite; do
    refused missing "nowhere.yaml" "missing $kind" -- "ask_$kind" nowhere.yaml
    mkdir -p folder.yaml
    refused folder 'folder.yaml.*\(Is a directory\|is a folder, not a suite\)' "folder in place of a $kind" -- "ask_$kind" folder.yaml

    rm -f locked.yaml && : > locked.yaml && chmod 000 locked.yaml
    if [ -r locked.yaml ]; then skip "unreadable $kind" "this user may read everything"
    else refused locked 'locked.yaml: .*Permission denied' "unreadable $kind" -- "ask_$kind" locked.yaml; fi

    # Each alias doubles ten-fold: expanded, this is 10^9 nodes.
    { echo 'a: &a [1,1,1,1,1,1,1,1,1,1]'
      before=a
      for next in b c d e f g h i; do
          echo "$next: &$next [*$before,*$before,*$before,*$before,*$before,*$before,*$before,*$before,*$before,*$before]"
          before=$next
      done; } > bomb.yaml
    refused bomb 'bomb.yaml:1:4: anchors and aliases' "alias bomb as $kind" -- "ask_$kind" bomb.yaml

    truncate -s 100M big.yaml
    refused big 'big.yaml: larger than' "$kind of 100 MB" -- "ask_$kind" big.yaml
    head -c 200000 /dev/zero | tr '\0' '[' > deep.yaml
    refused deep 'deep.yaml:1:[0-9]*: .*nested too deeply' "deeply nested $kind" -- "ask_$kind" deep.yaml
    printf 'version: 1\nname: "open\n' > open.yaml
    refused open 'open.yaml:[0-9]*:[0-9]*: ' "$kind with an open quote" -- "ask_$kind" open.yaml
    printf 'version: 2\n' > later.yaml
    refused later 'later.yaml:1:10: .*version: 1' "$kind of a later version" -- "ask_$kind" later.yaml
done
same "$(find . -name 'store.db*')" "" "no store is made for what cannot be read"

# ---- what only a configuration can get wrong ----
config_of typo.yaml http://127.0.0.1:1/v1 'limits: {timout: 3s}'
refused typo 'typo.yaml:8:14: unknown key `timout`' "unknown key" -- ask_config typo.yaml
says typo.err 'did you mean `timeout`?' "unknown key: the nearest one is offered"
config_of kind.yaml http://127.0.0.1:1/v1 'limits: {attempts: many}'
refused kind 'kind.yaml:8:24: `attempts` wants a whole number' "wrong kind of value" -- ask_config kind.yaml
printf 'version: 1\nendpoints: 7\n' > list.yaml
refused list 'list.yaml:2:12: `endpoints` wants a list' "a number where a list belongs" -- ask_config list.yaml
config_of literal.yaml http://127.0.0.1:1/v1 'api_key: canary-key-0123456789'
refused literal 'literal.yaml:8:14: ' "key written into the file" -- ask_config literal.yaml
says_not literal.err canary-key "key written into the file: not repeated"
config_of twice.yaml http://127.0.0.1:1/v1 'model: flow/other'
refused twice 'twice.yaml:8:5: ' "key that is there twice" -- ask_config twice.yaml
printf 'version: 1\nendpoints:\n  - name: bare\n' > bare.yaml
refused bare 'bare.yaml:3:5: .*base_url\|bare.yaml:3:5: .*protocol\|bare.yaml:3:5: .*model' "endpoint without its required keys" -- ask_config bare.yaml
run example "$GAUNTLET" check -c "$ROOT/config.example.yaml"
says example.out 'HF_TOKEN' "the example configuration is read to its end: only its key is missing"
run env env GAUNTLET_CONFIG="$WORK/typo.yaml" "$GAUNTLET" check
exits env 2 "\$GAUNTLET_CONFIG is read"
says env.err 'typo.yaml:8:14' "\$GAUNTLET_CONFIG is named in its mistake"

# ---- what only a suite can get wrong ----
suite_of spelt.yaml set 'epoch: 2'
refused spelt 'spelt.yaml:7:1: unknown key `epoch`' "unknown key of a suite" -- ask_suite spelt.yaml
says spelt.err 'did you mean `epochs`?' "unknown key of a suite: the nearest one is offered"
same "$(tail -n 1 spelt.err)" '  nothing was sent (exit 2)' "unknown key of a suite: and nothing was sent"
suite_of kinds.yaml set 'select: {limit: [1, 2]}'
refused kinds 'kinds.yaml:7:[0-9]*: `limit` wants a whole number' "list where a number belongs" -- ask_suite kinds.yaml
printf 'version: 1\nname: scorer\ndataset: set\nscorers:\n  - canari: {}\n' > scorer.yaml
refused scorer 'scorer.yaml:5:[0-9]*: .*canari' "unknown scorer" -- ask_suite scorer.yaml
says scorer.err 'canary' "unknown scorer: the nearest one is offered"
printf 'version: 1\nname: option\ndataset: set\nscorers:\n  - canary: {codewort: extra.codeword}\n' > option.yaml
refused option 'option.yaml:5:[0-9]*: .*codewort' "unknown option of a scorer" -- ask_suite option.yaml
suite_of lost.yaml elsewhere
refused lost 'elsewhere' "suite over a data set that is not there" -- ask_suite lost.yaml

run good "$GAUNTLET" run good.yaml --sim=clean --db store.db -q
exits good 0 "the same folder with a good suite runs"
sound store.db "the store is sound"
done_testing
