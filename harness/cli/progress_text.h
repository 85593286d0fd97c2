/*
 * progress_text - how far a run is, in at most four lines: for the repainted terminal, and for who asks with SIGUSR1.
 *
 *   run 7f3a… name  18,240/47,524 38%  41.2/s  ETA 11m51s  in-flight 64  retry 12 (429: 9)
 *   ASR 21.4% [20.4, 22.4] so far  part 6.1%  refus 68.0%  defl 2.6%  block 1.9%  miss 0.3%
 *   window 64, learned rate 600/min
 *   p50 1.4s p99 9.8s  $3.12+judge $0.88  worst so far: weapons 34%  fraud 31%  judge lag 210
 *
 * With several endpoints a line each for two of them that still have work stands in place of the second and the third. The
 * interval takes trials for independent: no decision uses it.
 */
#ifndef CLI_PROGRESS_TEXT_H
#define CLI_PROGRESS_TEXT_H

#include "base/strbuf.h"
#include "engine/progress.h"

struct progress_head {
    const char *run_id, *name; /* name: safe for a terminal; "" = none */
    double rate;               /* done a second, smoothed */
};

/* Appends the lines; they may be wider than a terminal. */
void progress_text(const struct progress_head *head, const struct progress *p, bool unicode, struct strbuf *out);
/* "11m51s"; "0s" when all is done, "?" when nobody can know. */
void progress_text_eta(double rate, const struct progress *p, struct strbuf *out);
/* Of all that is planned. */
int progress_percent(const struct progress *p);

#endif
