# Bash completion for gauntlet: verbs, options, runs of the store, endpoints of the configuration, suites and files.
# Made by `make completions` from the tables of verbs and options and harness/cli/manual/bash.in: change those.

_gauntlet_verbs='run resume rescore label calibrate status tune report compare gate view trend baseline plan ls show check init pull export import merge rm sim version help'
_gauntlet_common=' --config --db --quiet --verbose --json --color --progress --help'
_gauntlet_own() {
    case $1 in
    run) echo ' --endpoint --limit --select --epochs --seed --name --confirm --shard --budget --dry-run --sim --output --skip-invalid --no-evidence --assets-dir --map' ;;
    resume) echo ' --budget --output --no-evidence --retry-failed --assets-dir' ;;
    rescore) echo ' --budget --output --assets-dir --scorer --primary --missing' ;;
    label) echo ' --endpoint --limit --seed --dry-run --output --format --force --scorer --plan --show-judge --labeller' ;;
    calibrate) echo ' --budget --scorer --data --label --verdict --positive --negative --intent --answer --group --labeller' ;;
    report) echo ' --endpoint --output --format --csv-raw --embed --split --redact --blur --title --errors-as --leaderboard --rows --task --with-bodies --assets-dir --dataset --force --suite --last --allow-mismatch --baseline --policy' ;;
    compare) echo ' --output --format --allow-mismatch' ;;
    gate) echo ' --output --format --allow-mismatch --baseline --policy --inconclusive' ;;
    view) echo ' --listen --labeller --open --baseline' ;;
    trend) echo ' --endpoint --format --csv-raw --suite --last --fail-on-alarm --learn' ;;
    plan) echo ' --endpoint --budget --suite --delta --half-width --power' ;;
    ls) echo ' --catalog' ;;
    show) echo ' --map' ;;
    check) echo ' --endpoint --card --probe --map --accept-changed --strict-taxonomy' ;;
    init) echo ' --force' ;;
    pull) echo ' --force --to --sha256' ;;
    export) echo ' --output --with-bodies --force' ;;
    merge) echo ' --join-shards' ;;
    rm) echo ' --dry-run --yes' ;;
    sim) echo ' --seed --listen --profile --dataset --log' ;;
    help) echo ' --man --completion' ;;
    esac
}
_gauntlet_takes() {
    case $1 in
    --config | -c) echo 'FILE' ;;
    --db) echo 'FILE' ;;
    --color) echo 'WHEN' ;;
    --progress) echo 'HOW' ;;
    --endpoint | -e) echo 'ENDPOINT' ;;
    --limit) echo 'N' ;;
    --select) echo 'KEY=VALUE' ;;
    --epochs) echo 'N' ;;
    --seed) echo 'N' ;;
    --name) echo 'TEXT' ;;
    --confirm) echo 'RUN' ;;
    --shard) echo 'I/N' ;;
    --budget) echo 'USD' ;;
    --dry-run) echo '[N]' ;;
    --sim) echo '[PROFILE]' ;;
    --output | -o) echo 'FILE' ;;
    --format | -f) echo 'FORMAT' ;;
    --embed) echo 'WHAT' ;;
    --blur) echo 'WHAT' ;;
    --title) echo 'TEXT' ;;
    --errors-as) echo 'missing|complied|refused' ;;
    --task) echo 'NAME' ;;
    --assets-dir) echo 'DIR' ;;
    --listen) echo 'ADDR:PORT' ;;
    --profile) echo 'FILE' ;;
    --dataset) echo 'DIR' ;;
    --log) echo 'FILE' ;;
    --map) echo 'FIELD=COLUMN' ;;
    --to) echo 'DIR' ;;
    --sha256) echo 'HEX' ;;
    --scorer) echo 'SPEC' ;;
    --data) echo 'FILE' ;;
    --label) echo 'COLUMN' ;;
    --verdict) echo 'COLUMN' ;;
    --positive) echo 'VALUE' ;;
    --negative) echo 'VALUE' ;;
    --intent) echo 'COLUMN' ;;
    --answer) echo 'COLUMN' ;;
    --group) echo 'COLUMN' ;;
    --plan) echo 'PLAN' ;;
    --labeller) echo 'NAME' ;;
    --suite) echo 'NAME' ;;
    --last) echo 'N' ;;
    --completion) echo 'SHELL' ;;
    --delta) echo 'PP' ;;
    --half-width) echo 'PP' ;;
    --power) echo 'SHARE' ;;
    --allow-mismatch) echo 'FIELD' ;;
    --learn) echo 'N' ;;
    --baseline) echo 'RUN' ;;
    --policy) echo 'FILE' ;;
    --inconclusive) echo 'HOW' ;;
    esac
}
_gauntlet_arguments() {
    case $1 in
    run) echo 'SUITE' ;;
    resume) echo 'RUN' ;;
    rescore) echo 'RUN SUITE' ;;
    label) echo 'export|import RUN FILE' ;;
    calibrate) echo 'RUN' ;;
    status) echo 'RUN' ;;
    tune) echo 'RUN KEY=VALUE...' ;;
    report) echo 'RUN...' ;;
    compare) echo 'BASE CANDIDATE...' ;;
    gate) echo 'RUN:ENDPOINT' ;;
    view) echo 'RUN' ;;
    trend) echo 'RUN' ;;
    baseline) echo 'set NAME RUN | rm NAME | list' ;;
    ls) echo 'WHAT' ;;
    show) echo 'ID DIR' ;;
    check) echo 'SUITE' ;;
    init) echo 'DIR' ;;
    pull) echo 'DATASET' ;;
    export) echo 'RUN' ;;
    import) echo 'FILE' ;;
    merge) echo 'DB...' ;;
    rm) echo 'RUN' ;;
    help) echo 'VERB' ;;
    esac
}
_gauntlet_fixed() {
    case $1 in
    WHEN) echo 'auto always never' ;;
    HOW) echo 'auto tty plain json none' ;;
    FORMAT) echo 'html text json csv markdown junit eval-results model-index jsonl' ;;
    PLAN) echo 'random stratified disagreement' ;;
    PROFILE) echo 'demo clean' ;;
    KEY=VALUE) echo 'category= subcategory= attack= intent= sample=' ;;
    WHAT) echo 'runs endpoints datasets suites' ;;
    SHELL) echo 'bash zsh fish' ;;
    esac
}

# The first column of `gauntlet ls WHAT`, asked of the very store and configuration that the line names.
_gauntlet_ls() {
    local what=$1 word i
    local -a where=()
    for ((i = 2; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        --db | --config | -c)
            [[ ${COMP_WORDS[i + 1]} == = ]] && where+=("$word" "${COMP_WORDS[i + 2]}") || where+=("$word" "${COMP_WORDS[i + 1]}")
            ;;
        esac
    done
    command "${COMP_WORDS[0]/#\~/$HOME}" ls "$what" "${where[@]}" 2> /dev/null < /dev/null | awk 'NR > 1 { print $1 }'
}

_gauntlet_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_gauntlet_files() {
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}
# Suites by name, beside files.
_gauntlet_suites() {
    local file
    local -a suites=()
    for file in suites/*.yaml; do
        [[ -e $file ]] && suites+=("$(basename "$file" .yaml)")
    done
    _gauntlet_files -f
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "${suites[*]}" -- "$current")
}

_gauntlet_offer() {    # _gauntlet_offer WORD: what WORD, an argument's name, stands for
    case $1 in
    FILE | DB) _gauntlet_files -f ;;
    DIR) _gauntlet_files -d ;;
    RUN | BASE | CAND) _gauntlet_words "last $(_gauntlet_ls runs)" ;;
    ID) _gauntlet_words "last $(_gauntlet_ls runs) $(_gauntlet_ls datasets | sed 's/^/dataset:/')" ;;
    SUITE) _gauntlet_suites ;;
    ENDPOINT) _gauntlet_words "$(_gauntlet_ls endpoints)" ;;
    VERB) _gauntlet_words "$_gauntlet_verbs" ;;
    KEY=VALUE) _gauntlet_words "$(_gauntlet_fixed "$1")" && compopt -o nospace 2> /dev/null ;;
    PROFILE)
        _gauntlet_words "$(_gauntlet_fixed "$1")"
        [[ ${#COMPREPLY[@]} -gt 0 ]] || _gauntlet_files -f
        ;;
    [a-z]*) _gauntlet_words "${1//|/ }" ;;
    *) _gauntlet_words "$(_gauntlet_fixed "$1")" ;;
    esac
    return 0
}

_gauntlet_value() {    # _gauntlet_value OPTION [attached]: offers its value; false when none stands here
    local word
    word=$(_gauntlet_takes "$1")
    [[ -n $word && ($word != \[* || $2 == attached) ]] || return 1
    word=${word#\[}
    _gauntlet_offer "${word%\]}"
}

_gauntlet_argument() {    # _gauntlet_argument VERB: offers what stands at this place without an option
    local i word place=0
    local -a words
    for ((i = 2; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word != -* ]]; then
            ((place++))
        elif [[ ${COMP_WORDS[i + 1]} == = ]]; then
            ((i += 2))
        else
            word=$(_gauntlet_takes "$word")
            [[ -z $word || $word == \[* ]] || ((i++))
        fi
    done
    read -ra words <<< "$(_gauntlet_arguments "$1")"
    [[ ${#words[@]} -gt 0 ]] || return 0
    if ((place >= ${#words[@]})); then
        [[ ${words[-1]} == *... ]] || return 0
        place=$((${#words[@]} - 1))
    fi
    [[ ${words[place]} == *=* ]] || _gauntlet_offer "${words[place]%...}"
}

_gauntlet() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _gauntlet_words "$_gauntlet_verbs"
        return
    fi
    [[ $verb != doctor ]] || verb=check

    # Bash makes words of --option, = and value. An optional value stands only behind the =.
    if [[ $current == = ]]; then
        current=
        _gauntlet_value "$previous" attached
    elif [[ $previous == = ]]; then
        _gauntlet_value "${COMP_WORDS[COMP_CWORD - 2]}" attached
    elif [[ $current == -* ]]; then
        _gauntlet_words "$_gauntlet_common $(_gauntlet_own "$verb")"
    elif ! _gauntlet_value "$previous"; then
        _gauntlet_argument "$verb"
    fi
}

complete -F _gauntlet gauntlet
