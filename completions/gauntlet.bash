# Bash completion for gauntlet: verbs, options, runs of the store, endpoints of the configuration, suites and files.
# tests/flow/docs.sh compares the two tables with `gauntlet help`.

_gauntlet_verbs='run resume rescore label calibrate status tune report view trend ls show check init pull rm sim version help'

_gauntlet_options() {    # _gauntlet_options VERB: its long options
    local common='--config --db --quiet --verbose --json --color --progress --help'
    case $1 in
    run) echo "$common --endpoint --limit --select --epochs --seed --name --shard --budget --dry-run --sim --output --skip-invalid --no-evidence --map --assets-dir" ;;
    show) echo "$common --map" ;;
    ls) echo "$common --catalog" ;;
    check) echo "$common --endpoint --probe --map --accept-changed --strict-taxonomy" ;;
    resume) echo "$common --output --retry-failed --no-evidence --budget --assets-dir" ;;
    label) echo "$common --plan --limit --seed --scorer --show-judge --endpoint --format --output --labeller --force --dry-run" ;;
    calibrate) echo "$common --data --scorer --verdict --label --positive --negative --intent --answer --group --budget" ;;
    rescore) echo "$common --scorer --primary --missing --output --budget --assets-dir" ;;
    report) echo "$common --format --output --csv-raw --embed --redact --blur --title --force --assets-dir" ;;
    view) echo "$common --listen --labeller --open" ;;
    trend) echo "$common --suite --endpoint --last --format --csv-raw" ;;
    init) echo "$common --force" ;;
    pull) echo "$common --force --to --sha256" ;;
    rm) echo "$common --yes --dry-run" ;;
    sim) echo "$common --listen --profile --dataset --seed --log" ;;
    *) echo "$common" ;;
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

_gauntlet_value() {    # _gauntlet_value OPTION: completes its value; false when it takes none that could be known
    case $1 in
    --config | -c | --db | --output | -o | --profile | --log) _gauntlet_files -f ;;
    --dataset | --assets-dir | --to) _gauntlet_files -d ;;
    --color) _gauntlet_words 'auto always never' ;;
    --progress) _gauntlet_words 'auto tty plain json none' ;;
    --format | -f) _gauntlet_words 'html text json csv jsonl markdown' ;;
    --embed) _gauntlet_words 'focus all none' ;;
    --blur) _gauntlet_words 'harmful all none' ;;
    --plan) _gauntlet_words 'random stratified disagreement' ;;
    --sim)
        _gauntlet_words 'demo clean'
        [[ ${#COMPREPLY[@]} -gt 0 ]] || _gauntlet_files -f
        ;;
    --select) _gauntlet_words 'category= subcategory= attack= intent= sample=' && compopt -o nospace 2> /dev/null ;;
    --endpoint | -e) _gauntlet_words "$(_gauntlet_ls endpoints)" ;;
    --limit | --last | --epochs | --seed | --name | --shard | --budget | --listen | --map | --sha256 | --labeller) COMPREPLY=() ;;
    *) return 1 ;;
    esac
    return 0
}

_gauntlet_argument() {    # _gauntlet_argument VERB: completes what stands without an option
    local file
    local -a suites=()
    case $1 in
    run | check | doctor)
        for file in suites/*.yaml; do
            [[ -e $file ]] && suites+=("$(basename "$file" .yaml)")
        done
        _gauntlet_files -f
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "${suites[*]}" -- "$current")
        ;;
    resume | rescore | calibrate | report | rm | status | tune | view) _gauntlet_words "last $(_gauntlet_ls runs)" ;;
    label)
        case $COMP_CWORD in
        2) _gauntlet_words 'export import' ;;
        3) _gauntlet_words "last $(_gauntlet_ls runs)" ;;
        *) _gauntlet_files -f ;;
        esac
        ;;
    show) _gauntlet_words "last $(_gauntlet_ls runs) $(_gauntlet_ls datasets | sed 's/^/dataset:/')" ;;
    ls) _gauntlet_words 'runs endpoints datasets suites' ;;
    init) _gauntlet_files -d ;;
    help) _gauntlet_words "$_gauntlet_verbs" ;;
    esac
}

_gauntlet() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _gauntlet_words "$_gauntlet_verbs"
        return
    fi

    # Bash makes words of --option, = and value. After --sim and --dry-run a value stands only behind the =.
    if [[ $current == = ]]; then
        current=
        _gauntlet_value "$previous"
    elif [[ $previous == = ]]; then
        _gauntlet_value "${COMP_WORDS[COMP_CWORD - 2]}"
    elif [[ $current == -* ]]; then
        _gauntlet_words "$(_gauntlet_options "$verb")"
    elif [[ $previous == --sim ]] || ! _gauntlet_value "$previous"; then
        _gauntlet_argument "$verb"
    fi
}

complete -F _gauntlet gauntlet
