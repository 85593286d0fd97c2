#include "cli/stop.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t signals_seen, last_signal;

static void on_signal(int number)
{
    signals_seen++;
    last_signal = number;
}

void stop_catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

enum stop_level stop_level(void)
{
    return signals_seen == 0 ? STOP_NO : signals_seen == 1 ? STOP_DRAIN : STOP_ABORT;
}

enum exit_code stop_exit_code(void)
{
    return signals_seen == 0 ? EXIT_OK : last_signal == SIGTERM ? EXIT_TERMINATED : EXIT_INTERRUPTED;
}
