/*
 * judge_file - the answers of an outside file, judged by asking: a run of its own in a store that is gone afterwards.
 *
 * Every record with a label and an answer becomes an answered trial; what follows is what `rescore` does: canaries, the judges'
 * limits, retries and budget, questions beside each other. The intent column is what the judge is told that the attack wanted.
 *
 * Threads   as engine_run. Owner: judge_file_open/judge_file_close.
 */
#ifndef ENGINE_JUDGE_FILE_H
#define ENGINE_JUDGE_FILE_H

#include "engine/calibrate_data.h"
#include "engine/engine.h"
#include "engine/scratch_store.h"

struct judge_file {
    struct scratch_store scratch; /* holds the run while the file is open: what judging cost can be read there */
    const char *run_id;
    struct file_verdict *verdict; /* of each record by its number */
    size_t count;
    struct run_result result; /* how judging ended; verdicts that are missing are unscored */
};

/* `source` without verdicts or scorer; `suite`'s first scorer judges; `run`: settings, clock, budget, stop and notices. Verdicts are
   in `a`. ERR_NO_MATCH when no record has both a label and an answer. */
enum err judge_file_open(const struct calibrate_source *source, const struct suite *suite, const struct run_options *run, struct arena *a,
                         struct judge_file *ret_f, struct error *e) MUST_CHECK;
/* Nothing happens to one that is not open (all zero). */
void judge_file_close(struct judge_file *f);

#endif
