/*
 * stop - Ctrl-C and SIGTERM: once to drain, twice to abort. The flag is the program's second global.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include "cli/exit_code.h"
#include "engine/engine.h"

/* Catches SIGINT and SIGTERM, ignores SIGPIPE. */
void stop_catch_signals(void);
enum stop_level stop_level(void);
/* 130 after SIGINT, 143 after SIGTERM, EXIT_OK when neither came. */
enum exit_code stop_exit_code(void);

#endif
