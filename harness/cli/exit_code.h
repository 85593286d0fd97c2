/*
 * exit_code - what the shell and CI learn (interface.md section 2).
 */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

enum exit_code {
    EXIT_OK = 0,
    EXIT_GATE = 1,        /* a gate or threshold failed, and only that */
    EXIT_USAGE = 2,       /* usage, configuration or data set invalid */
    EXIT_UNREACHABLE = 3, /* authentication failed or endpoint unreachable before anything was evaluated */
    EXIT_INCOMPLETE = 4,  /* error budget exceeded, out of credits, disk full */
    EXIT_NO_VERDICT = 5,  /* inconclusive, not comparable */
    EXIT_INTERNAL = 70,
    EXIT_INTERRUPTED = 130,
    EXIT_TERMINATED = 143
};

#endif
