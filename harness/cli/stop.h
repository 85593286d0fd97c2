/*
 * stop - Ctrl-C and SIGTERM: once to drain, twice to abort; SIGHUP: read the configuration again;
 * SIGUSR1: say how far the run is.
 * The flags are the program's second global.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include "cli/exit_code.h"
#include "engine/engine.h"

/* Catches SIGINT, SIGTERM, SIGHUP and SIGUSR1, ignores SIGPIPE. */
void stop_catch_signals(void);
enum stop_level stop_level(void);
/* SIGHUP came since the last call. */
bool stop_reread_wanted(void);
/* SIGUSR1 came since the last call. */
bool stop_snapshot_wanted(void);
/* 130 after SIGINT, 143 after SIGTERM, EXIT_OK when neither came. */
enum exit_code stop_exit_code(void);

#endif
