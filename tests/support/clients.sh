# Sourced by flow tests after flow.sh: the official clients, pinned, installed once into a folder beside the builds.
# shellcheck shell=sh disable=SC2034
CLIENTS=$(cd "${B:-$ROOT/build/release}/.." && pwd)/clients
CLIENT_PROGRAMS=$ROOT/tests/support/clients
NPM_CLIENTS='openai@6.49.0 @huggingface/inference@4.13.30 @huggingface/hub@2.17.5'
PYPI_CLIENTS='openai==3.57.0 huggingface_hub==2.4.0 anthropic==2.13.0'

# once NAME PINS COMMAND…: runs COMMAND in $CLIENTS/NAME unless it has worked there with the same pins. Two tests that
# want the same folder at once: the second waits for the first.
once() {
    once_dir=$CLIENTS/$1 once_pins=$2; shift 2
    mkdir -p "$once_dir" || return 1
    (
        flock 9 && cd "$once_dir" || exit 1
        [ "$(cat .installed 2> /dev/null)" = "$once_pins" ] && exit 0
        rm -f .installed
        "$@" > install.log 2>&1 && printf '%s\n' "$once_pins" > .installed
    ) 9> "$once_dir.lock"
}
install_npm() {
    echo '{"type":"module"}' > package.json
    # shellcheck disable=SC2086 # a list
    timeout 120 npm install --silent --no-audit --no-fund --ignore-scripts --fetch-retries 1 --fetch-timeout 15000 $NPM_CLIENTS
}
# install_pypi PACKAGES: wheels only, nothing is compiled here.
install_pypi() {
    rm -rf venv
    # shellcheck disable=SC2086 # a list
    timeout 60 python3 -m venv venv && timeout 180 venv/bin/pip install -q --only-binary :all: --retries 1 --timeout 15 $1
}
# A real model server: llama.cpp's, and what writes a model for it.
PYPI_SERVER='xllamacpp==2026.10.11549 gguf==0.19.0 numpy==2.4.6'
# javascript_clients, python_clients, llama_server: whether they are there to be used; WHY_NOT says what is missing.
javascript_clients() {
    WHY_NOT="node and npm are not installed"
    command -v node > /dev/null && command -v npm > /dev/null || return 1
    WHY_NOT="npm cannot install $NPM_CLIENTS"
    once js "$NPM_CLIENTS" install_npm || return 1
    # An import is looked up beside the file that has it.
    cp "$CLIENT_PROGRAMS"/*.mjs "$WORK/" && ln -sfn "$CLIENTS/js/node_modules" "$WORK/node_modules"
}
python_clients() {
    WHY_NOT="python3 is not installed"
    command -v python3 > /dev/null || return 1
    WHY_NOT="pip cannot install $PYPI_CLIENTS"
    once python "$PYPI_CLIENTS" install_pypi "$PYPI_CLIENTS"
}
llama_server() {
    WHY_NOT="python3 is not installed"
    command -v python3 > /dev/null || return 1
    WHY_NOT="pip cannot install $PYPI_SERVER"
    once llama "$PYPI_SERVER" install_pypi "$PYPI_SERVER" || return 1
    WHY_NOT="llama.cpp does not run on this processor"
    "$CLIENTS/llama/venv/bin/python" -c 'import xllamacpp' 2> "$WORK/llama.err"
}
# send_with CLIENT JOBS [RETRIES]: one JSON line a job on stdout. CLIENT: openai-js hf-js openai-python hf-python anthropic-python
send_with() {
    send_client=$1; shift
    case $send_client in
    *-js) node "$WORK/send.mjs" "${send_client%-js}" "$@" ;;
    *-python) HF_HUB_DISABLE_TELEMETRY=1 "$CLIENTS/python/venv/bin/python" "$CLIENT_PROGRAMS/send.py" "${send_client%-python}" "$@" ;;
    esac
}
# only_known SENTENCE < KNOWN: every line of ./differences must match a line of KNOWN, `REGEX # reason`, and every line of KNOWN
# must be met, so that a client that changes its mind is noticed. What went wrong while comparing is in ./jq.err.
only_known() {
    sed '/^$/d; s/ *#[^#]*$//' > patterns
    grep -vxf patterns differences > unknown
    while read -r pattern; do grep -qx -e "$pattern" differences || echo "no longer met: $pattern"; done < patterns >> unknown
    same "$(cat jq.err unknown | head -n 20)" "" "$1"
}
