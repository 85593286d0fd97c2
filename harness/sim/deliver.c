/* Every way of ending a reply has a caller here; what the client's side sees of each is in the tests. */
#include "sim/server.h"

#include <string.h>
#include <sys/socket.h>

enum { BLOCK_BYTES = 32768, MIN_BLOCK_BYTES = 1024 };

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* MHD ends a connection by shutdown(2), whose FIN would come before the reset that SO_LINGER 0 makes close(2) send.
   Dissolving the association makes the kernel send the reset now; linger stands for systems that do not know this. */
static void reset_connection(struct MHD_Connection *connection)
{
    int fd = socket_of(connection);
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };
    struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    (void)connect(fd, &nowhere, sizeof(nowhere));
}

/* One event at a time: up to and with the next blank line. */
static size_t event_bytes(const struct sim_reply *r, uint64_t at, size_t max)
{
    const char *from = r->body.buf + at;
    const char *end = strstr(from, "\n\n");
    size_t n = end ? (size_t)(end + 2 - from) : r->body.len - (size_t)at;
    return n < max ? n : max;
}

/* Reached the place where things go wrong: what MHD is told. 0 = asleep, > 0 = go on. */
static ssize_t at_the_stop(struct exchange *x)
{
    struct sim_reply *r = &x->reply;
    switch (r->ending) {
    case ENDING_CUT: return r->framing == FRAMING_CLOSE ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
    case ENDING_RESET: reset_connection(x->connection); return MHD_CONTENT_READER_END_WITH_ERROR;
    case ENDING_STALL:
        if (!x->stalled) {
            x->stalled = true;
            if (delays_sleep(x->sim->delays, x->connection, r->stall_us, socket_of(x->connection), &x->peer_gone))
                return 0;
        }
        return x->peer_gone ? MHD_CONTENT_READER_END_WITH_ERROR : 1;
    default: return 1;
    }
}

static ssize_t read_reply(void *cls, uint64_t at, char *out, size_t max)
{
    struct exchange *x = cls;
    struct sim_reply *r = &x->reply;
    bool stops = r->ending == ENDING_CUT || r->ending == ENDING_RESET || r->ending == ENDING_STALL;
    if (stops && at >= r->stop_at) {
        ssize_t told = at_the_stop(x);
        if (told <= 0)
            return told;
    } else if (stops && max > r->stop_at - at) {
        max = (size_t)(r->stop_at - at);
    }
    if (r->piece_bytes > 0 && max > r->piece_bytes)
        max = r->piece_bytes;
    else if (r->events && at < r->body.len)
        max = event_bytes(r, at, max);
    size_t n = sim_reply_read(r, at, out, max);
    return n > 0 ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static ssize_t read_log(void *cls, uint64_t at, char *out, size_t max)
{
    struct exchange *x = cls;
    ssize_t n = sim_log_read(x->sim->log, x->log_end, (size_t)at, out, max);
    return n > 0 ? n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *make_response(struct exchange *x)
{
    struct sim_reply *r = &x->reply;
    if (x->log_end >= 0)
        return MHD_create_response_from_callback(sim_log_array_bytes(x->log_end), BLOCK_BYTES, read_log, x, NULL);
    if (r->ending == ENDING_WHOLE && r->framing == FRAMING_LENGTH && r->padding_bytes == 0 && r->piece_bytes == 0) {
        size_t len;
        char *bytes = strbuf_detach(&r->body, &len);
        struct MHD_Response *response = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
        if (!response)
            free(bytes);
        return response;
    }
    uint64_t total = sim_reply_bytes(r);
    struct MHD_Response *response = MHD_create_response_from_callback(
        r->framing == FRAMING_LENGTH ? total : MHD_SIZE_UNKNOWN, total < BLOCK_BYTES ? MIN_BLOCK_BYTES : BLOCK_BYTES, read_reply, x, NULL);
    if (response && r->framing == FRAMING_CLOSE)
        (void)MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return response;
}

enum MHD_Result deliver(struct exchange *x)
{
    struct sim_reply *r = &x->reply;
    if (r->ending == ENDING_RESET_AT_ONCE)
        reset_connection(x->connection);
    if (r->ending == ENDING_RESET_AT_ONCE || r->ending == ENDING_NO_REPLY)
        return MHD_NO;

    struct MHD_Response *response = make_response(x);
    if (!response)
        return MHD_NO;
    if (r->content_type)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->content_type);
    for (size_t i = 0; i < r->header_count; i++)
        (void)MHD_add_response_header(response, r->header[i].name, r->header[i].value);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return queued;
}
