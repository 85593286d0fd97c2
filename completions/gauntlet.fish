# Fish completion for gauntlet: verbs, options, runs of the store, endpoints of the configuration, suites and files.
# Made by `make completions` from the tables of verbs and options and harness/cli/manual/fish.in: change those.

complete -c gauntlet -f

function __gauntlet_no_verb
    test (count (commandline -opc)) -eq 1
end

function __gauntlet_verb
    set -l words (commandline -opc)
    test (count $words) -ge 2; or return 1
    test "$words[2]" = "$argv[1]"; or test "$words[2] $argv[1]" = 'doctor check'
end

# The first column of `gauntlet ls WHAT`, asked of the very store and configuration that the line names.
function __gauntlet_ls
    set -l words (commandline -opc)
    set -l where
    for i in (seq 3 (count $words))
        switch $words[$i]
            case --db --config -c
                test $i -lt (count $words); and set -a where $words[$i] $words[(math $i + 1)]
            case '--db=*' '--config=*'
                set -a where $words[$i]
        end
    end
    command $words[1] ls $argv[1] $where 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }'
end

# What WORD, an argument's name, stands for.
function __gauntlet_word
    switch $argv[1]
        case FILE DB
            __fish_complete_path (commandline -ct)
        case DIR
            __fish_complete_directories (commandline -ct)
        case RUN BASE CAND
            echo last
            __gauntlet_ls runs
        case ID
            echo last
            __gauntlet_ls runs
            __gauntlet_ls datasets | string replace -r '^' 'dataset:'
        case SUITE
            for file in suites/*.yaml
                string replace -r '^suites/(.*)\.yaml$' '$1' -- $file
            end
            __fish_complete_path (commandline -ct)
        case ENDPOINT
            __gauntlet_ls endpoints
        case VERB
            __gauntlet_arguments --verbs
        case PROFILE
            __gauntlet_fixed PROFILE
            for file in *.yaml
                echo $file
            end
        case '*|*'
            string split '|' -- $argv[1]
        case '*'
            __gauntlet_fixed $argv[1]
    end
end

# What stands at this place without an option.
function __gauntlet_argument
    string match -q -- '-*' (commandline -ct); and return
    set -l words (commandline -opc)
    set -l verb $words[2]
    test "$verb" = doctor; and set verb check
    set -l place 1
    set -l skip no
    for word in $words[3..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $__gauntlet_valued
            set skip yes
        else if not string match -q -- '-*' $word
            set place (math $place + 1)
        end
    end
    set -l known (__gauntlet_arguments $verb)
    if test $place -gt (count $known)
        string match -q -- '*...' "$known[-1]"; or return
        set place (count $known)
    end
    string match -q -- '*=*' "$known[$place]"; and return
    __gauntlet_word (string replace '...' '' -- "$known[$place]")
end

set -g __gauntlet_valued --config -c --db --color --progress --endpoint -e --limit --select --epochs --seed --name --confirm --shard --budget --output -o --format -f --embed --blur --title --errors-as --task --assets-dir --listen --profile --dataset --log --map --to --sha256 --scorer --data --label --verdict --positive --negative --intent --answer --group --plan --labeller --suite --last --completion --delta --half-width --power --allow-mismatch --learn --baseline --policy --inconclusive
function __gauntlet_fixed
    switch $argv[1]
        case WHEN
            string split ' ' -- 'auto always never'
        case HOW
            string split ' ' -- 'auto tty plain json none'
        case FORMAT
            string split ' ' -- 'html text json csv markdown junit eval-results model-index jsonl'
        case PLAN
            string split ' ' -- 'random stratified disagreement'
        case PROFILE
            string split ' ' -- 'demo clean'
        case KEY=VALUE
            string split ' ' -- 'category= subcategory= attack= intent= sample='
        case WHAT
            string split ' ' -- 'runs endpoints datasets suites'
        case SHELL
            string split ' ' -- 'bash zsh fish'
    end
end
function __gauntlet_arguments
    switch $argv[1]
        case run
            string split ' ' -- 'SUITE'
        case resume
            string split ' ' -- 'RUN'
        case rescore
            string split ' ' -- 'RUN SUITE'
        case label
            string split ' ' -- 'export|import RUN FILE'
        case calibrate
            string split ' ' -- 'RUN'
        case status
            string split ' ' -- 'RUN'
        case tune
            string split ' ' -- 'RUN KEY=VALUE...'
        case report
            string split ' ' -- 'RUN...'
        case compare
            string split ' ' -- 'BASE CANDIDATE...'
        case gate
            string split ' ' -- 'RUN:ENDPOINT'
        case view
            string split ' ' -- 'RUN'
        case trend
            string split ' ' -- 'RUN'
        case baseline
            string split ' ' -- 'set NAME RUN | rm NAME | list'
        case plan
            string split ' ' -- ''
        case ls
            string split ' ' -- 'WHAT'
        case show
            string split ' ' -- 'ID DIR'
        case check
            string split ' ' -- 'SUITE'
        case init
            string split ' ' -- 'DIR'
        case pull
            string split ' ' -- 'DATASET'
        case export
            string split ' ' -- 'RUN'
        case import
            string split ' ' -- 'FILE'
        case merge
            string split ' ' -- 'DB...'
        case rm
            string split ' ' -- 'RUN'
        case sim
            string split ' ' -- ''
        case version
            string split ' ' -- ''
        case help
            string split ' ' -- 'VERB'
        case --verbs
            string split ' ' -- 'run resume rescore label calibrate status tune report compare gate view trend baseline plan ls show check init pull export import merge rm sim version help'
    end
end
complete -c gauntlet -n __gauntlet_no_verb -a run -d 'plan, dispatch, score and store a suite; ends with the per-category table'
complete -c gauntlet -n __gauntlet_no_verb -a resume -d 'finish what a stopped run left, asking for nothing twice that was answered'
complete -c gauntlet -n __gauntlet_no_verb -a rescore -d 'score stored answers again, asking the models under test for nothing'
complete -c gauntlet -n __gauntlet_no_verb -a label -d 'answers out to people, and their verdicts back in'
complete -c gauntlet -n __gauntlet_no_verb -a calibrate -d 'how a scorer'\''s verdicts agree with people'\''s'
complete -c gauntlet -n __gauntlet_no_verb -a status -d 'how far a run is that is going now, or how the last one stands'
complete -c gauntlet -n __gauntlet_no_verb -a tune -d 'change limits of a run that is going now'
complete -c gauntlet -n __gauntlet_no_verb -a report -d 'a run'\''s tables as one HTML file, text, JSON, CSV, Markdown or JUnit'
complete -c gauntlet -n __gauntlet_no_verb -a compare -d 'what got worse and what got better between two runs or endpoints, on the same samples'
complete -c gauntlet -n __gauntlet_no_verb -a gate -d 'apply the suite'\''s gate to a run; the exit code is the verdict'
complete -c gauntlet -n __gauntlet_no_verb -a view -d 'browse the store in a browser, on this machine only; label by keyboard'
complete -c gauntlet -n __gauntlet_no_verb -a trend -d 'history of a suite over the runs in the store'
complete -c gauntlet -n __gauntlet_no_verb -a baseline -d 'name a run to compare with'
complete -c gauntlet -n __gauntlet_no_verb -a plan -d 'how many samples a wanted precision needs'
complete -c gauntlet -n __gauntlet_no_verb -a ls -d 'list runs (default), endpoints, datasets, suites or baselines'
complete -c gauntlet -n __gauntlet_no_verb -a show -d 'one run'\''s table, one sample with its attempts, answer and verdicts, or what is in a data set'
complete -c gauntlet -n __gauntlet_no_verb -a check -d 'check configuration, suite and every byte of the data; sends nothing without --probe'
complete -c gauntlet -n __gauntlet_no_verb -a init -d 'write a commented config.yaml and a first suite into an empty folder'
complete -c gauntlet -n __gauntlet_no_verb -a pull -d 'bring a data set from the Hub at a pinned commit, verified'
complete -c gauntlet -n __gauntlet_no_verb -a export -d 'write a run to one file, for `import` elsewhere'
complete -c gauntlet -n __gauntlet_no_verb -a import -d 'bring the runs of an exported file into the store'
complete -c gauntlet -n __gauntlet_no_verb -a merge -d 'bring the runs of several stores into one'
complete -c gauntlet -n __gauntlet_no_verb -a rm -d 'delete a run and its answers from the store'
complete -c gauntlet -n __gauntlet_no_verb -a sim -d 'a simulated endpoint with planted truth and faults; prints its URL'
complete -c gauntlet -n __gauntlet_no_verb -a version -d 'print the version, the commit and the libraries'
complete -c gauntlet -n __gauntlet_no_verb -a help -d 'this list, or one verb'\''s manual'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l config -s c -x -a '(__gauntlet_word FILE)' -d 'read this configuration instead of ./config.yaml'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l db -x -a '(__gauntlet_word FILE)' -d 'use this store instead of the configuration'\''s'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l quiet -s q -d 'errors and results only'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l verbose -s v -d 'more of what is going on'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l json -d 'one JSON document on stdout, nothing else'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l color -x -a '(__gauntlet_word WHEN)' -d 'auto, always or never'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l progress -x -a '(__gauntlet_word HOW)' -d 'auto, tty, plain, json or none'
complete -c gauntlet -n 'not __gauntlet_no_verb' -l help -s h -d 'show this help'
complete -c gauntlet -n '__gauntlet_verb run' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb run' -l limit -x -a '(__gauntlet_word N)' -d 'at most N samples; `label`: answers'
complete -c gauntlet -n '__gauntlet_verb run' -l select -x -a '(__gauntlet_word KEY=VALUE)' -d 'only samples whose category, subcategory, attack, intent or sample is VALUE (repeatable)'
complete -c gauntlet -n '__gauntlet_verb run' -l epochs -x -a '(__gauntlet_word N)' -d 'ask every sample N times'
complete -c gauntlet -n '__gauntlet_verb run' -l seed -x -a '(__gauntlet_word N)' -d 'seed of order, simulation and draws'
complete -c gauntlet -n '__gauntlet_verb run' -l name -x -a '(__gauntlet_word TEXT)' -d 'the name that the run gets, besides its id'
complete -c gauntlet -n '__gauntlet_verb run' -l confirm -x -a '(__gauntlet_word RUN)' -d 'ask again what RUN asked, to confirm its alarms: `trend` counts no night for it'
complete -c gauntlet -n '__gauntlet_verb run' -l shard -x -a '(__gauntlet_word I/N)' -d 'only the Ith of N equal parts, counted from 1'
complete -c gauntlet -n '__gauntlet_verb run' -l budget -x -a '(__gauntlet_word USD)' -d 'stop before the run costs more; needs known prices; `plan`: what it buys'
complete -c gauntlet -n '__gauntlet_verb run' -l dry-run -a '(__gauntlet_word N)' -d 'change nothing: show what would be done; `run` prints the first N request bodies, images elided'
complete -c gauntlet -n '__gauntlet_verb run' -l sim -a '(__gauntlet_word PROFILE)' -d 'ask the simulated endpoint in place of the real ones'
complete -c gauntlet -n '__gauntlet_verb run' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb run' -l skip-invalid -d 'leave out samples that cannot be sent, instead of refusing to start'
complete -c gauntlet -n '__gauntlet_verb run' -l no-evidence -d 'ask neither the Hub nor the servers what is served: answers only'
complete -c gauntlet -n '__gauntlet_verb run' -l assets-dir -x -a '(__gauntlet_word DIR)' -d 'read the report'\''s template and style from DIR while designing'
complete -c gauntlet -n '__gauntlet_verb run' -l map -x -a '(__gauntlet_word FIELD=COLUMN)' -d 'take a field of the data set from this column, whatever its mapping says (repeatable)'
complete -c gauntlet -n '__gauntlet_verb resume' -l budget -x -a '(__gauntlet_word USD)' -d 'stop before the run costs more; needs known prices; `plan`: what it buys'
complete -c gauntlet -n '__gauntlet_verb resume' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb resume' -l no-evidence -d 'ask neither the Hub nor the servers what is served: answers only'
complete -c gauntlet -n '__gauntlet_verb resume' -l retry-failed -d 'take up again what failed or was skipped, too'
complete -c gauntlet -n '__gauntlet_verb resume' -l assets-dir -x -a '(__gauntlet_word DIR)' -d 'read the report'\''s template and style from DIR while designing'
complete -c gauntlet -n '__gauntlet_verb rescore' -l budget -x -a '(__gauntlet_word USD)' -d 'stop before the run costs more; needs known prices; `plan`: what it buys'
complete -c gauntlet -n '__gauntlet_verb rescore' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb rescore' -l assets-dir -x -a '(__gauntlet_word DIR)' -d 'read the report'\''s template and style from DIR while designing'
complete -c gauntlet -n '__gauntlet_verb rescore' -l scorer -x -a '(__gauntlet_word SPEC)' -d 'a scorer as a suite writes it, like '\''refusal: {preset: jbb-13}'\'' (repeatable)'
complete -c gauntlet -n '__gauntlet_verb rescore' -l primary -d 'the first added scorer makes the headline from now on'
complete -c gauntlet -n '__gauntlet_verb rescore' -l missing -d 'judge again what is unscored because a judge could not be asked'
complete -c gauntlet -n '__gauntlet_verb label' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb label' -l limit -x -a '(__gauntlet_word N)' -d 'at most N samples; `label`: answers'
complete -c gauntlet -n '__gauntlet_verb label' -l seed -x -a '(__gauntlet_word N)' -d 'seed of order, simulation and draws'
complete -c gauntlet -n '__gauntlet_verb label' -l dry-run -a '(__gauntlet_word N)' -d 'change nothing: show what would be done; `run` prints the first N request bodies, images elided'
complete -c gauntlet -n '__gauntlet_verb label' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb label' -l format -s f -x -a '(__gauntlet_word FORMAT)' -d 'how to write it: text, json and what else the verb says it has'
complete -c gauntlet -n '__gauntlet_verb label' -l force -d 'overwrite files that exist, or labels; `report`: a page of any size'
complete -c gauntlet -n '__gauntlet_verb label' -l scorer -x -a '(__gauntlet_word SPEC)' -d 'a scorer as a suite writes it, like '\''refusal: {preset: jbb-13}'\'' (repeatable)'
complete -c gauntlet -n '__gauntlet_verb label' -l plan -x -a '(__gauntlet_word PLAN)' -d 'which answers to label: random, stratified or disagreement'
complete -c gauntlet -n '__gauntlet_verb label' -l show-judge -d 'with the scorer'\''s verdicts, which labellers better not see'
complete -c gauntlet -n '__gauntlet_verb label' -l labeller -x -a '(__gauntlet_word NAME)' -d 'who labels; `label import`: who labelled the rows that name nobody; `calibrate`: whose labels count (repeatable)'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l budget -x -a '(__gauntlet_word USD)' -d 'stop before the run costs more; needs known prices; `plan`: what it buys'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l scorer -x -a '(__gauntlet_word SPEC)' -d 'a scorer as a suite writes it, like '\''refusal: {preset: jbb-13}'\'' (repeatable)'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l data -x -a '(__gauntlet_word FILE)' -d 'an outside file of labelled answers: CSV, JSONL or JSON'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l label -x -a '(__gauntlet_word COLUMN)' -d 'the column with the human label; several with commas: their majority'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l verdict -x -a '(__gauntlet_word COLUMN)' -d 'the column with the judge'\''s verdict'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l positive -x -a '(__gauntlet_word VALUE)' -d 'what a positive label or verdict says (1, yes, true, unsafe; repeatable)'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l negative -x -a '(__gauntlet_word VALUE)' -d 'what a negative one says (0, no, false, safe; repeatable)'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l intent -x -a '(__gauntlet_word COLUMN)' -d 'the column that names the intent: rows of one intent are one cluster'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l answer -x -a '(__gauntlet_word COLUMN)' -d 'the column with the answer'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l group -x -a '(__gauntlet_word COLUMN)' -d 'also each value of this column apart'
complete -c gauntlet -n '__gauntlet_verb calibrate' -l labeller -x -a '(__gauntlet_word NAME)' -d 'who labels; `label import`: who labelled the rows that name nobody; `calibrate`: whose labels count (repeatable)'
complete -c gauntlet -n '__gauntlet_verb report' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb report' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb report' -l format -s f -x -a '(__gauntlet_word FORMAT)' -d 'how to write it: text, json and what else the verb says it has'
complete -c gauntlet -n '__gauntlet_verb report' -l csv-raw -d 'CSV for machines: no guard against spreadsheet formulas'
complete -c gauntlet -n '__gauntlet_verb report' -l embed -x -a '(__gauntlet_word WHAT)' -d 'whose texts the page has: focus, all or none'
complete -c gauntlet -n '__gauntlet_verb report' -l split -d 'the texts go into files beside the page, NAME_files/chunk-N.js, which it loads when they are looked at'
complete -c gauntlet -n '__gauntlet_verb report' -l redact -d 'no text and no image of a sample or an answer in the page'
complete -c gauntlet -n '__gauntlet_verb report' -l blur -x -a '(__gauntlet_word WHAT)' -d 'what the page hides until it is asked for: harmful, all or none'
complete -c gauntlet -n '__gauntlet_verb report' -l title -x -a '(__gauntlet_word TEXT)' -d 'what the page is called'
complete -c gauntlet -n '__gauntlet_verb report' -l errors-as -x -a '(__gauntlet_word missing|complied|refused)' -d 'what trials without a verdict count as: missing, complied or refused'
complete -c gauntlet -n '__gauntlet_verb report' -l leaderboard -d 'rank all endpoints of the runs, in place of each run'\''s tables'
complete -c gauntlet -n '__gauntlet_verb report' -l rows -d 'csv: one row for every trial in place of one for every cell; json: an object a line for every trial'
complete -c gauntlet -n '__gauntlet_verb report' -l task -x -a '(__gauntlet_word NAME)' -d 'the task of the data set'\''s eval.yaml that was done'
complete -c gauntlet -n '__gauntlet_verb report' -l with-bodies -d 'with the texts of samples and answers, but not of withheld categories'
complete -c gauntlet -n '__gauntlet_verb report' -l assets-dir -x -a '(__gauntlet_word DIR)' -d 'read the report'\''s template and style from DIR while designing'
complete -c gauntlet -n '__gauntlet_verb report' -l dataset -x -a '(__gauntlet_word DIR)' -d 'the data set to recognise requests by; `report`: its ORG/NAME on the Hub'
complete -c gauntlet -n '__gauntlet_verb report' -l force -d 'overwrite files that exist, or labels; `report`: a page of any size'
complete -c gauntlet -n '__gauntlet_verb report' -l suite -x -a '(__gauntlet_word NAME)' -d 'the suite, by the name its runs carry (that of the newest run)'
complete -c gauntlet -n '__gauntlet_verb report' -l last -x -a '(__gauntlet_word N)' -d 'show the N newest nights (30)'
complete -c gauntlet -n '__gauntlet_verb report' -l allow-mismatch -x -a '(__gauntlet_word FIELD)' -d 'compare although FIELD differs: dataset, samples, system, order, epochs, decoding or scorer (repeatable)'
complete -c gauntlet -n '__gauntlet_verb report' -l baseline -x -a '(__gauntlet_word RUN)' -d 'compare with this run, or RUN:ENDPOINT'
complete -c gauntlet -n '__gauntlet_verb report' -l policy -x -a '(__gauntlet_word FILE)' -d 'the gate'\''s rules from this YAML file, over those of the suite'
complete -c gauntlet -n '__gauntlet_verb compare' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb compare' -l format -s f -x -a '(__gauntlet_word FORMAT)' -d 'how to write it: text, json and what else the verb says it has'
complete -c gauntlet -n '__gauntlet_verb compare' -l allow-mismatch -x -a '(__gauntlet_word FIELD)' -d 'compare although FIELD differs: dataset, samples, system, order, epochs, decoding or scorer (repeatable)'
complete -c gauntlet -n '__gauntlet_verb gate' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb gate' -l format -s f -x -a '(__gauntlet_word FORMAT)' -d 'how to write it: text, json and what else the verb says it has'
complete -c gauntlet -n '__gauntlet_verb gate' -l allow-mismatch -x -a '(__gauntlet_word FIELD)' -d 'compare although FIELD differs: dataset, samples, system, order, epochs, decoding or scorer (repeatable)'
complete -c gauntlet -n '__gauntlet_verb gate' -l baseline -x -a '(__gauntlet_word RUN)' -d 'compare with this run, or RUN:ENDPOINT'
complete -c gauntlet -n '__gauntlet_verb gate' -l policy -x -a '(__gauntlet_word FILE)' -d 'the gate'\''s rules from this YAML file, over those of the suite'
complete -c gauntlet -n '__gauntlet_verb gate' -l inconclusive -x -a '(__gauntlet_word HOW)' -d 'what an undecided gate says: inconclusive, fail or pass'
complete -c gauntlet -n '__gauntlet_verb view' -l listen -x -a '(__gauntlet_word ADDR:PORT)' -d 'where to listen; port 0 picks a free one'
complete -c gauntlet -n '__gauntlet_verb view' -l labeller -x -a '(__gauntlet_word NAME)' -d 'who labels; `label import`: who labelled the rows that name nobody; `calibrate`: whose labels count (repeatable)'
complete -c gauntlet -n '__gauntlet_verb view' -l open -d 'open the page in a browser (xdg-open)'
complete -c gauntlet -n '__gauntlet_verb view' -l baseline -x -a '(__gauntlet_word RUN)' -d 'compare with this run, or RUN:ENDPOINT'
complete -c gauntlet -n '__gauntlet_verb trend' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb trend' -l format -s f -x -a '(__gauntlet_word FORMAT)' -d 'how to write it: text, json and what else the verb says it has'
complete -c gauntlet -n '__gauntlet_verb trend' -l csv-raw -d 'CSV for machines: no guard against spreadsheet formulas'
complete -c gauntlet -n '__gauntlet_verb trend' -l suite -x -a '(__gauntlet_word NAME)' -d 'the suite, by the name its runs carry (that of the newest run)'
complete -c gauntlet -n '__gauntlet_verb trend' -l last -x -a '(__gauntlet_word N)' -d 'show the N newest nights (30)'
complete -c gauntlet -n '__gauntlet_verb trend' -l fail-on-alarm -d 'exit with 1 when an alarm of the newest night is open, and no run that asked again refutes it'
complete -c gauntlet -n '__gauntlet_verb trend' -l learn -x -a '(__gauntlet_word N)' -d 'counted nights of an era that teach its limits (10); more of them, fewer false alarms'
complete -c gauntlet -n '__gauntlet_verb plan' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb plan' -l budget -x -a '(__gauntlet_word USD)' -d 'stop before the run costs more; needs known prices; `plan`: what it buys'
complete -c gauntlet -n '__gauntlet_verb plan' -l suite -x -a '(__gauntlet_word NAME)' -d 'the suite, by the name its runs carry (that of the newest run)'
complete -c gauntlet -n '__gauntlet_verb plan' -l delta -x -a '(__gauntlet_word PP)' -d 'the difference between two runs to find or exclude, in percentage points (1)'
complete -c gauntlet -n '__gauntlet_verb plan' -l half-width -x -a '(__gauntlet_word PP)' -d 'the wanted half-width of a rate'\''s interval, in percentage points (1)'
complete -c gauntlet -n '__gauntlet_verb plan' -l power -x -a '(__gauntlet_word SHARE)' -d 'how surely a difference is to be found (0.8)'
complete -c gauntlet -n '__gauntlet_verb ls' -l catalog -d '`ls endpoints`: the router'\''s models that read images, instead of the configuration'\''s endpoints'
complete -c gauntlet -n '__gauntlet_verb show' -l map -x -a '(__gauntlet_word FIELD=COLUMN)' -d 'take a field of the data set from this column, whatever its mapping says (repeatable)'
complete -c gauntlet -n '__gauntlet_verb check' -l endpoint -s e -x -a '(__gauntlet_word ENDPOINT)' -d 'this endpoint only (repeatable)'
complete -c gauntlet -n '__gauntlet_verb check' -l card -d 'read the models'\'' cards on the Hub: what they claim, and what they leave out'
complete -c gauntlet -n '__gauntlet_verb check' -l probe -d 'ask what is served, and each endpoint up to four harmless questions'
complete -c gauntlet -n '__gauntlet_verb check' -l map -x -a '(__gauntlet_word FIELD=COLUMN)' -d 'take a field of the data set from this column, whatever its mapping says (repeatable)'
complete -c gauntlet -n '__gauntlet_verb check' -l accept-changed -d 'take a content hash other than the declared one for a warning'
complete -c gauntlet -n '__gauntlet_verb check' -l strict-taxonomy -d 'reject samples whose category is not in the taxonomy'
complete -c gauntlet -n '__gauntlet_verb init' -l force -d 'overwrite files that exist, or labels; `report`: a page of any size'
complete -c gauntlet -n '__gauntlet_verb pull' -l force -d 'overwrite files that exist, or labels; `report`: a page of any size'
complete -c gauntlet -n '__gauntlet_verb pull' -l to -x -a '(__gauntlet_word DIR)' -d 'put the files into DIR instead of datasets/NAME'
complete -c gauntlet -n '__gauntlet_verb pull' -l sha256 -x -a '(__gauntlet_word HEX)' -d 'the hash that a https:// file must have'
complete -c gauntlet -n '__gauntlet_verb export' -l output -s o -x -a '(__gauntlet_word FILE)' -d 'write to FILE: the report (HTML unless --format says otherwise), or what the verb exports'
complete -c gauntlet -n '__gauntlet_verb export' -l with-bodies -d 'with the texts of samples and answers, but not of withheld categories'
complete -c gauntlet -n '__gauntlet_verb export' -l force -d 'overwrite files that exist, or labels; `report`: a page of any size'
complete -c gauntlet -n '__gauntlet_verb merge' -l join-shards -d 'make one run of the shards (`run --shard`) that are parts of it'
complete -c gauntlet -n '__gauntlet_verb rm' -l dry-run -a '(__gauntlet_word N)' -d 'change nothing: show what would be done; `run` prints the first N request bodies, images elided'
complete -c gauntlet -n '__gauntlet_verb rm' -l yes -s y -d 'do not ask'
complete -c gauntlet -n '__gauntlet_verb sim' -l seed -x -a '(__gauntlet_word N)' -d 'seed of order, simulation and draws'
complete -c gauntlet -n '__gauntlet_verb sim' -l listen -x -a '(__gauntlet_word ADDR:PORT)' -d 'where to listen; port 0 picks a free one'
complete -c gauntlet -n '__gauntlet_verb sim' -l profile -x -a '(__gauntlet_word FILE)' -d 'what the simulated endpoint does: a YAML file, or demo or clean'
complete -c gauntlet -n '__gauntlet_verb sim' -l dataset -x -a '(__gauntlet_word DIR)' -d 'the data set to recognise requests by; `report`: its ORG/NAME on the Hub'
complete -c gauntlet -n '__gauntlet_verb sim' -l log -x -a '(__gauntlet_word FILE)' -d 'write one JSON line for every request'
complete -c gauntlet -n '__gauntlet_verb help' -l man -d 'the man page of all verbs, as mdoc'
complete -c gauntlet -n '__gauntlet_verb help' -l completion -x -a '(__gauntlet_word SHELL)' -d 'completions for bash, zsh or fish'
complete -c gauntlet -n 'not __gauntlet_no_verb' -a '(__gauntlet_argument)'
