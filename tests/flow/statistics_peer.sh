#!/bin/sh
# SciPy against the numbers that unit tests hold harness/stats to. PYTHON names an interpreter that has it (pip install scipy).
. "$(dirname "$0")/../support/flow.sh"

run peer "${PYTHON:-python3}" "$ROOT/tests/support/statistics_peer.py" "$ROOT/tests/unit/stats/special_values.h" "$ROOT/tests/support/golden_statistics.json"
case $CODE in
77 | 127) skip 'SciPy finds the same numbers' 'scipy is not installed; PYTHON=... names a python that has it' ;;
*)
    exits peer 0 'SciPy finds the same numbers'
    sed 's/^/# /' "$WORK/peer.out"
    ;;
esac
done_testing
