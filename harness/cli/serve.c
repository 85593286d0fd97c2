#include "cli/serve.h"

#include "base/strbuf.h"
#include "cli/terminal.h"

#include <pthread.h>

void serve_block_signals(sigset_t *ret_set)
{
    (void)sigemptyset(ret_set);
    (void)sigaddset(ret_set, SIGINT);
    (void)sigaddset(ret_set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, ret_set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

void serve_until_signal(const sigset_t *set)
{
    int number = 0;
    while (sigwait(set, &number) != 0)
        ;
}

void serve_say_url(const char *url, bool json)
{
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    if (json)
        (void)strbuf_addf(&line, "{\"schema_version\":1,\"url\":\"%s\"}\n", url);
    else
        (void)strbuf_addf(&line, "%s\n", url);
    terminal_write(line.buf, line.len);
    (void)terminal_flush();
}
