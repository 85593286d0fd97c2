#include "cli/stop.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t signals_seen, last_signal, reread_wanted, snapshot_wanted;

static void on_signal(int number)
{
    signals_seen++;
    last_signal = number;
}

static void on_hangup(int number)
{
    (void)number;
    reread_wanted = 1;
}

static void on_question(int number)
{
    (void)number;
    snapshot_wanted = 1;
}

void stop_catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    action.sa_handler = on_hangup; /* under nohup, too: a run outlives its terminal either way */
    (void)sigaction(SIGHUP, &action, NULL);
    action.sa_handler = on_question;
    (void)sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

enum stop_level stop_level(void)
{
    return signals_seen == 0 ? STOP_NO : signals_seen == 1 ? STOP_DRAIN : STOP_ABORT;
}

bool stop_reread_wanted(void)
{
    bool wanted = reread_wanted;
    reread_wanted = 0;
    return wanted;
}

bool stop_snapshot_wanted(void)
{
    bool wanted = snapshot_wanted;
    snapshot_wanted = 0;
    return wanted;
}

enum exit_code stop_exit_code(void)
{
    return signals_seen == 0 ? EXIT_OK : last_signal == SIGTERM ? EXIT_TERMINATED : EXIT_INTERRUPTED;
}
