#!/bin/sh
# The documents say what the program does: verbs and options in the man page and the completions, links, commands, examples.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70
man=man/gauntlet.1

# ---- What the program says of itself --------------------------------------------------------------------------------
"$GAUNTLET" help > "$WORK/help"
awk '/^Options/ { exit } /^  [a-z]/ { print $1 }' "$WORK/help" | sort > "$WORK/verbs"
# options_of FILE: "--long" and "-x" of help's option lines, one a line
options_of() { sed -n 's/^ *\(-[a-z]\), \(--[a-z0-9-]*\).*/\1\n\2/p; s/^  *\(--[a-z0-9-]*\).*/\1/p' "$1" | sort -u; }
awk '/^Options of every verb/ { on = 1 } on' "$WORK/help" > "$WORK/help.common"
options_of "$WORK/help.common" > "$WORK/common"
while read -r verb; do
    "$GAUNTLET" help "$verb" > "$WORK/help.$verb"
    sed '/^Options of every verb/,$d' "$WORK/help.$verb" > "$WORK/own.$verb"
    options_of "$WORK/own.$verb" > "$WORK/options.$verb"
done < "$WORK/verbs"
if [ "$(wc -l < "$WORK/verbs")" -ge 5 ] && grep -qx -e --sim "$WORK/options.run" && grep -qx -e -c "$WORK/common"; then
    ok 'the help lists verbs and options'
else
    not_ok 'the help lists verbs and options' "$(cat "$WORK/verbs" "$WORK/options.run" "$WORK/common")"
fi

# ---- Made from the tables -------------------------------------------------------------------------------------------
# made FILE OPTION…: FILE is what `gauntlet help OPTION…` writes
made() {
    made_file=$1
    shift
    if "$GAUNTLET" help "$@" | cmp -s - "$made_file"; then ok "$made_file is what the program writes"
    else not_ok "$made_file is what the program writes; \`make man completions\` does it"; fi
}
made "$man" --man
made completions/gauntlet.bash --completion bash
made completions/_gauntlet --completion zsh
made completions/gauntlet.fish --completion fish
run shell "$GAUNTLET" help --completion csh
exits shell 2 'no completions for a shell that is not known'
says "$WORK/shell.err" 'bash, zsh or fish' 'which shells are known'

# ---- Man page -------------------------------------------------------------------------------------------------------
# section NAME: the text of the man page under `.Ss NAME …`
section() { awk -v name="$1" '/^\.S[sh]/ { on = ($1 == ".Ss" && $2 == name) } on' "$man"; }
# man_options: "--long" and "-x" of the option items on stdin
man_options() {
    sed -n 's/^\.It //p' | tr -s ' ,' '\n' |
        awk '$0 == "Fl" { flag = 1; next } flag && /^-/ { print "-" $0 } flag && /^[a-z]$/ { print "-" $0 } { flag = 0 }' | sort -u
}
awk '/^\.Sh/ { on = ($2 == "VERBS") } on && $1 == ".Ss" { print $2 }' "$man" | sort > "$WORK/man.verbs"
same "$(cat "$WORK/man.verbs")" "$(cat "$WORK/verbs")" 'the man page has a section for every verb, and no other'
same "$(section Options | man_options)" "$(cat "$WORK/common")" 'the man page has every common option, and no other'
while read -r verb; do
    same "$(section "$verb" | man_options)" "$(cat "$WORK/options.$verb")" "the man page has every option of $verb, and no other"
done < "$WORK/verbs"

sed -n 's/^ *EXIT_[A-Z_]* = \([0-9]*\).*/\1/p' harness/cli/exit_code.h | sort -n > "$WORK/codes"
awk '/^\.Sh/ { on = ($2 == "EXIT") } on && $1 == ".It" { $1 = ""; print }' "$man" | tr -s ' ,' '\n' | grep '[0-9]' | sort -n > "$WORK/man.codes"
same "$(cat "$WORK/man.codes")" "$(cat "$WORK/codes")" 'the man page has every exit code'
sed -n 's/^| \([0-9][0-9, ]*\) |.*/\1/p' README.md | tr -s ' ,' '\n' | grep '[0-9]' | sort -n > "$WORK/readme.codes"
same "$(cat "$WORK/readme.codes")" "$(cat "$WORK/codes")" 'the README has every exit code'
if command -v mandoc > /dev/null; then
    run lint mandoc -T lint -W warning "$man"
    exits lint 0 'mandoc has nothing to say about the man page'
else
    skip 'mandoc has nothing to say about the man page' 'mandoc is not installed'
fi

# ---- Completions ----------------------------------------------------------------------------------------------------
if command -v bash > /dev/null; then
    # complete_line WORD…: what the completion offers for the last word
    complete_line() {
        # shellcheck disable=SC2016 # for bash to expand
        bash -c '. completions/gauntlet.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gauntlet; printf "%s\n" "${COMPREPLY[@]}"' \
            complete "$@"
    }
    same "$(complete_line "$GAUNTLET" '' | sort)" "$(cat "$WORK/verbs")" 'the completion offers every verb, and no other'
    while read -r verb; do
        cat "$WORK/options.$verb" "$WORK/common" | grep -e '^--' | sort -u > "$WORK/expected"
        same "$(complete_line "$GAUNTLET" "$verb" -- | sort)" "$(cat "$WORK/expected")" "the completion offers every option of $verb, and no other"
    done < "$WORK/verbs"
    run smoke "$GAUNTLET" run suites/smoke.yaml --sim=clean --limit 2 --db "$WORK/smoke.db" --json
    exits smoke 0 'a small run for the completion to find'
    same "$(complete_line "$GAUNTLET" report --db "$WORK/smoke.db" '' | sort)" \
        "$(printf '%s\nlast\n' "$(jq -r .run.id "$WORK/smoke.out")" | sort)" 'the completion offers the runs of the store'
    same "$(complete_line "$GAUNTLET" run sm)" smoke 'the completion offers suites by name'
    same "$(complete_line "$GAUNTLET" label ex)" export 'the completion offers what stands first among the arguments'
    same "$(complete_line "$GAUNTLET" label export la)" last 'and what stands second'
    same "$(complete_line "$GAUNTLET" run --sim = cl)" clean 'the completion offers an optional value behind its ='
    same "$(complete_line "$GAUNTLET" ls --color al)" always 'the completion offers the values of an option'
else
    skip 'the completion offers verbs and options' 'bash is not installed'
fi

if command -v zsh > /dev/null; then
    # zsh_asks WORD…: what the completion tells _arguments for a line with these words
    zsh_asks() {
        # shellcheck disable=SC2016 # for zsh to expand
        zsh -fc 'compdef() { :; }; _arguments() { print -l -- "$@"; }; . completions/_gauntlet; words=(gauntlet "$@"); CURRENT=$#words; _gauntlet' \
            zsh "$@"
    }
    # shellcheck disable=SC2016 # for zsh to expand
    same "$(zsh -fc 'compdef() { :; }; . completions/_gauntlet; print -l -- ${_gauntlet_verbs%%:*}' | sort)" "$(cat "$WORK/verbs")" \
        'the completion of zsh knows every verb, and no other'
    zsh_wrong=
    while read -r verb; do
        cat "$WORK/options.$verb" "$WORK/common" | sort -u > "$WORK/expected"
        zsh_asks "$verb" '' | sed -n 's/^\*\(--*[a-z0-9-]*\).*/\1/p' | sed 's/-$//' | sort -u | cmp -s - "$WORK/expected" || zsh_wrong="$zsh_wrong $verb"
    done < "$WORK/verbs"
    same "$zsh_wrong" '' 'the completion of zsh knows every option of each verb, and no other'
    same "$(zsh_asks run '' | tail -1)" ':SUITE:_gauntlet_word SUITE' 'the completion of zsh knows what stands without an option'
else
    skip 'the completion of zsh knows verbs and options' 'zsh is not installed'
fi
if command -v fish > /dev/null; then
    # shellcheck disable=SC2016 # for fish to expand
    fish_complete() { HOME=$WORK PATH=$(dirname "$GAUNTLET"):$PATH fish --no-config -c 'source completions/gauntlet.fish; complete -C $argv[1]' "$1" | cut -f1 | sort; }
    same "$(fish_complete 'gauntlet ')" "$(cat "$WORK/verbs")" 'the completion of fish offers every verb, and no other'
    fish_wrong=
    while read -r verb; do
        cat "$WORK/options.$verb" "$WORK/common" | grep -e '^--' | sort -u > "$WORK/expected"
        fish_complete "gauntlet $verb --" | sed 's/=$//' | sort -u | cmp -s - "$WORK/expected" || fish_wrong="$fish_wrong $verb"
    done < "$WORK/verbs"
    same "$fish_wrong" '' 'the completion of fish offers every option of each verb, and no other'
    same "$(fish_complete 'gauntlet run smo' | head -1)" smoke 'the completion of fish offers suites by name'
else
    skip 'the completion of fish offers verbs and options' 'fish is not installed'
fi

# ---- Links ----------------------------------------------------------------------------------------------------------
broken=
for page in *.md docs/*.md docs/adr/*.md; do
    grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/)$//; s/#.*//' | sort -u > "$WORK/targets"
    while read -r target; do
        case $target in http://* | https://* | mailto:* | '') continue ;; esac
        [ -e "$(dirname "$page")/$target" ] || broken="$broken
$page: $target"
    done < "$WORK/targets"
done
same "$broken" '' 'every link of the documents leads to a file'
# `room/file` in backquotes; a word in capitals (NAME) stands for any.
missing=
# shellcheck disable=SC2016 # a pattern
grep -ho '`\(harness\|reports\|tests\|tools\|suites\|datasets\|docs\|bench\|completions\)/[A-Za-z0-9_./-]*`' ./*.md docs/*.md docs/adr/*.md |
    tr -d '`' | grep -v '[A-Z][A-Z]' | sort -u > "$WORK/files"
while read -r file; do
    [ -e "$file" ] || missing="$missing
$file"
done < "$WORK/files"
same "$missing" '' 'every file that the documents name is there'

# ---- Commands -------------------------------------------------------------------------------------------------------
awk '/^```/ { on = !on; next } on' README.md CONTRIBUTING.md docs/*.md > "$WORK/blocks"
sed -n 's/^\(\$ \)\{0,1\}\(\.\/\)\{0,1\}gauntlet \([a-z][a-z]*\)\(.*\)/\3\4/p' "$WORK/blocks" | sed 's/ *#.*//; s/ |.*//; s/ > .*//' > "$WORK/lines"
sed -n 's/^\.Dl \$ gauntlet //p; s/^\$ gauntlet //p' "$man" | sed 's/ |.*//' >> "$WORK/lines"
if [ "$(wc -l < "$WORK/lines")" -ge 12 ]; then ok 'the documents show commands'; else not_ok 'the documents show commands' "$(cat "$WORK/lines")"; fi
wrong=
while read -r verb rest; do
    if ! grep -qx -e "$verb" "$WORK/verbs"; then
        wrong="$wrong
$verb"
        continue
    fi
    for option in $(printf '%s\n' "$rest" | tr ' ' '\n' | sed -n 's/^\(--[a-z0-9-]*\).*/\1/p; s/^\(-[a-z]\)$/\1/p'); do
        cat "$WORK/options.$verb" "$WORK/common" | grep -qx -e "$option" || wrong="$wrong
$verb $option"
    done
done < "$WORK/lines"
same "$wrong" '' 'every command of the documents is a verb with options of its own'
sed -n 's/^make \([a-z][a-z-]*\).*/\1/p' "$WORK/blocks" | sort -u > "$WORK/targets"
wrong=
while read -r target; do
    grep -q "^\(.* \)\{0,1\}$target\( .*\)\{0,1\}:" Makefile || wrong="$wrong $target"
done < "$WORK/targets"
same "$(grep -c . "$WORK/targets" | sed 's/^[1-9][0-9]*$/some/')$wrong" some 'every make target of the documents is one'

# ---- Examples -------------------------------------------------------------------------------------------------------
# In docs/datasets.md `<!-- dataset: NAME -->` begins a data set, and the fenced block after `<!-- file: PATH -->` is a file of it.
# The block after `<!-- pack -->` is run in its folder, when the pictures are there.
awk -v out="$WORK/datasets" '
    /^<!-- dataset: / { set = $3; print set }
    /^<!-- file: / { file = $3; next }
    /^<!-- pack / { file = "pack.sh"; next }
    /^```/ && on { close(path); file = ""; on = 0; next }
    /^```/ && file != "" { on = 1; path = out "/" set "/" file; folder = path; sub("/[^/]*$", "", folder); system("mkdir -p " folder); next }
    on { print > path }' docs/datasets.md > "$WORK/sets"
if [ "$(wc -l < "$WORK/sets")" -ge 3 ]; then ok 'docs/datasets.md has data sets to try'; else not_ok 'docs/datasets.md has data sets to try'; fi
mkdir -p "$WORK/suites"
while read -r set; do
    for folder in pictures train/pictures; do
        mkdir -p "$WORK/datasets/$set/$folder"
        cp datasets/demo/images/a1-1-typographic.png "$WORK/datasets/$set/$folder/1.png"
    done
    if [ -f "$WORK/datasets/$set/pack.sh" ]; then
        if grep -q '^zip' "$WORK/datasets/$set/pack.sh" && ! command -v zip > /dev/null; then
            skip "the data set '$set' of docs/datasets.md loads without a finding" 'zip is not installed'
            continue
        fi
        (cd "$WORK/datasets/$set" && sh -e pack.sh) || not_ok "the commands of the data set '$set' in docs/datasets.md"
    fi
    printf 'version: 1\nname: %s\ndataset: ../datasets/%s\nscorers: [refusal: {preset: jbb-13}]\n' "$set" "$set" > "$WORK/suites/$set.yaml"
    run "set.$set" "$GAUNTLET" check "$WORK/suites/$set.yaml" -c config.example.yaml --json
    same "$(jq -r '[.findings[] | select(.outcome != "note" and (.code | test("^[DS]")))] | length' "$WORK/set.$set.out")/$(jq -r '.samples > 0' "$WORK/set.$set.out")" \
        '0/true' "the data set '$set' of docs/datasets.md loads without a finding"
done < "$WORK/sets"

# ---- The demo and the store -----------------------------------------------------------------------------------------
run demo "$GAUNTLET" run suites/demo.yaml --sim --db "$WORK/demo.db"
exits demo 0 'the demo suite runs'
# table: the block of the run's table, without its id, errors and latencies
table() { awk '/^simulated, /{ on = 1 } /^attempts that failed|^latency |^```/ { on = 0 } on' "$1"; }
same "$(table README.md)" "$(table "$WORK/demo.out")" 'the README shows the table that the demo prints'
sed -n '/^sqlite3 -box/,/^```/p' README.md | sed '$d; s|results/demo.db|"$DB"|' > "$WORK/one-liner.sh"
run one-liner env "DB=$WORK/demo.db" sh "$WORK/one-liner.sh"
exits one-liner 0 'the sqlite3 command of the README runs'
says "$WORK/one-liner.out" 'Kitchen' 'the sqlite3 command of the README shows categories'
sample=$(sed -n 's|^\./gauntlet show \([^ ]*\) --db .*|\1|p' README.md)
run show "$GAUNTLET" show "$sample" --db "$WORK/demo.db"
exits show 0 'the README shows a sample that there is'

awk -v out="$WORK/query" '/^```sql/ { on = 1; n++; path = out n ".sql"; next } /^```/ { on = 0 } on { print > path } END { print n + 0 }' docs/store.md > "$WORK/queries"
n=1
while [ "$n" -le "$(cat "$WORK/queries")" ]; do
    run "query$n" sqlite3 -batch -bail "$WORK/demo.db" ".read $WORK/query$n.sql"
    if [ "$CODE" -eq 0 ] && [ -s "$WORK/query$n.out" ] && [ ! -s "$WORK/query$n.err" ]; then
        ok "query $n of docs/store.md has an answer"
    else
        not_ok "query $n of docs/store.md has an answer" "$(cat "$WORK/query$n.sql" "$WORK/query$n.err")"
    fi
    n=$((n + 1))
done
sed -n 's/^CREATE \(TABLE\|VIEW\) \([a-z_]*\).*/\2/p' harness/store/schema.sql > "$WORK/tables"
missing=
while read -r name; do
    grep -q "\`${name}\`" docs/store.md || missing="$missing $name"
done < "$WORK/tables"
same "$missing" '' 'docs/store.md has every table and view'
done_testing
