# Reads harness/LAYERS first, then sources; prints every #include "room/…" that its room may not make.
FNR == NR { if ($0 !~ /^#/ && NF) { room = $1; sub(":", "", room); known[room]; for (i = 2; i <= NF; i++) may[room, $i] } next }
FNR == 1 { n = split(FILENAME, part, "/"); here = part[1] == "harness" ? part[2] : part[1]
           if (!(here in known)) { print FILENAME ": room " here " is not in harness/LAYERS"; bad = 1 } }
match($0, /^#include "[a-z]+\//) {
    there = substr($0, 11, RLENGTH - 11)
    if (there != here && !((here, there) in may)) { print FILENAME ":" FNR ": " here " may not include " there; bad = 1 }
}
END { exit bad }
