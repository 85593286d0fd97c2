/*
 * serve - what verbs do that serve until somebody stops them: `sim` and `view`.
 */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include <signal.h>
#include <stdbool.h>

/* SIGINT and SIGTERM wait from now on, also in threads that begin later; SIGPIPE is ignored. Call it before there is a thread. */
void serve_block_signals(sigset_t *ret_set);
/* Waits for one of them. */
void serve_until_signal(const sigset_t *set);
/* The URL on stdout, alone on its line or as a JSON document. */
void serve_say_url(const char *url, bool json);

#endif
