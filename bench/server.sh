# Sourced by run.sh and peers.sh: the nginx that answers. Wants $here (this folder), $dir (a scratch folder) and die.
# shellcheck shell=bash disable=SC2154

# start_nginx LOG_FORMAT: sets port and tls_port. With a format every request is one line of $dir/nginx-length.log; with ''
# the first of each connection is one, its number of bytes.
start_nginx() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2> /dev/null
    local try every=()
    [ -z "$1" ] || every=(-e "s|log_format length .*|log_format length '$1';|" -e "s| if=\$first||")
    for try in 1 2 3 4 5; do
        port=$((20000 + ($(od -An -N2 -tu2 /dev/urandom) + try) % 10000))
        tls_port=$((port + 1))
        sed "${every[@]}" -e "s|@DIR@|$dir|g; s|@PORT@|$port|; s|@TLS_PORT@|$tls_port|" "$here/nginx.conf.in" > "$dir/nginx.conf"
        if nginx -c "$dir/nginx.conf" -p "$dir" 2> "$dir/nginx-start.log"; then return; fi
    done
    die "nginx does not start: $(tail -1 "$dir/nginx-start.log")"
}
stop_nginx() { [ ! -f "$dir/nginx.pid" ] || kill "$(cat "$dir/nginx.pid")" 2> /dev/null || true; }
