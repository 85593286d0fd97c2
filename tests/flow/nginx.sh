#!/bin/sh
# FigStep-Tiny (real images) through a real nginx: every image byte is sent, every answer stored, hashes as `sha256sum` says.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
give_up() { skip "FigStep-Tiny runs through nginx" "$1"; done_testing; exit 0; }
[ -d "$SHARED/figstep" ] || give_up "the shared test data is not here"
command -v nginx > /dev/null || give_up "nginx is not installed"

# nginx cannot be asked for a free port: try a few.
mkdir -p tmp
for try in 1 2 3 4 5; do
    port=$((20000 + ($$ * 7 + try * 1009) % 20000))
    cat > nginx.conf <<CONF
daemon off;
user $(id -un);
pid $WORK/nginx.pid;
error_log $WORK/error.log;
worker_processes 1;
events { worker_connections 256; }
http {
    client_body_temp_path $WORK/tmp; proxy_temp_path $WORK/tmp; fastcgi_temp_path $WORK/tmp; uwsgi_temp_path $WORK/tmp; scgi_temp_path $WORK/tmp;
    client_max_body_size 4m; client_body_buffer_size 1m; default_type application/json;
    log_format bytes '\$request_length'; access_log $WORK/access.log bytes;
    # The outer server reads the whole body before it asks the inner one: what it counts did arrive.
    server {
        listen 127.0.0.1:$port;
        location = /v1/chat/completions { proxy_pass http://unix:$WORK/inner.sock:/; proxy_request_buffering on; }
    }
    server {
        listen unix:$WORK/inner.sock;
        access_log off;
        location / {
            return 200 '{"id":"n","object":"chat.completion","created":1,"model":"nginx","choices":[{"index":0,"message":{"role":"assistant","content":"I cannot help with that."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":6,"total_tokens":15}}';
        }
    }
}
CONF
    nginx -p "$WORK" -c "$WORK/nginx.conf" > nginx.out 2>&1 &
    server=$!
    while [ ! -s nginx.pid ] && kill -0 $server 2> /dev/null; do sleep 0.02; done    # it tries a taken port for 2.5 s, then ends
    [ -s nginx.pid ] && break
    server=
done
[ -n "$server" ] || give_up "nginx did not start: $(cat nginx.out error.log 2> /dev/null | head -n 1)"
SERVERS="$SERVERS $server"

cat > config.yaml <<YAML
version: 1
store: run.db
endpoints: [{name: nginx, protocol: openai-chat, base_url: "http://127.0.0.1:$port/v1", model: fixed}]
YAML
cat > suite.yaml <<YAML
version: 1
name: figstep
dataset: {path: $ROOT/datasets/presets/figstep-tiny.yaml, root: $SHARED/figstep}
scorers: [{refusal: {preset: jbb-13}}]
YAML

run figstep "$GAUNTLET" run suite.yaml --json --progress none
exits figstep 0 "FigStep-Tiny runs through nginx"
same "$(jq -c '.endpoints[0].counts | [.planned, .scored, .refused, .complied]' figstep.out)" "[50,50,50,0]" "fifty samples, fifty refusals"
same "$(jq -c '.run.dataset | [.samples, .intents, .categories]' figstep.out)" "[50,50,10]" "fifty intents in ten categories"
sql run.db "SELECT sha256 FROM image" | sort > stored.txt
find "$SHARED/figstep/images" -name '*.png' -exec sha256sum {} + | cut -d' ' -f1 | sort > real.txt
if cmp -s stored.txt real.txt; then ok "each image's sha256 is the file's"; else not_ok "each image's sha256 is the file's" "$(diff stored.txt real.txt | head -n 5)"; fi
same "$(sql run.db "SELECT DISTINCT mime || ' ' || width || 'x' || height FROM image")" "image/png 760x760" "every image is a PNG of 760 x 760"
# What nginx counted is at least the images in base64.
bytes=$(awk '{ n += $1 } END { print n }' access.log)
encoded=$(find "$SHARED/figstep/images" -name '*.png' -printf '%s\n' | awk '{ n += int(($1 + 2) / 3) * 4 } END { print n }')
if [ "$bytes" -gt "$encoded" ] && [ "$bytes" -lt $((encoded + 50 * 2000)) ]; then
    ok "nginx received every byte of them"
else
    not_ok "nginx received every byte of them" "$bytes received, $encoded of images"
fi
done_testing
