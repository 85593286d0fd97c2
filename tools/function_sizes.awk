# Prints "lines file:function" for every function of Linux-brace C sources.
/^[a-z].*\)$/ || /^[a-z].*\($/ || /^[a-z][^;]*\(.*[,]$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { start = FNR }
/^\}/ && start { print FNR - start - 1, FILENAME ":" name; start = 0 }
