/*
 * run_session - what `run` and `resume` share: the lock, the simulated endpoint, the engine, the table at the end.
 */
#ifndef CLI_RUN_SESSION_H
#define CLI_RUN_SESSION_H

#include "cli/common.h"
#include "dataset/dataset.h"
#include "engine/rescore.h"
#include "sim/sim.h"

struct run_session {
    struct workspace *w; /* store open for writing, settings loaded */
    const struct options *o;
    const char *run_id;
    const struct run_row *was;         /* how a run stood that is resumed: so it stands again when nothing can be begun; NULL = it is new */
    const char *sim_profile;           /* NULL = real endpoints */
    struct dataset_source sim_dataset; /* path and preset NULL = none */
    uint64_t sim_seed;
    double budget_usd;                     /* of this session; < 0 = as the run was planned */
    const struct rescore_options *rescore; /* NULL = ask what is pending; else score stored answers (`run` is filled in) */
};

/* --budget; -1 when it was not given. */
enum err run_session_budget(const struct options *o, double *ret_usd, struct error *e) MUST_CHECK;
/* A budget needs prices: an unknown cost cannot be kept under a limit. ERR_INVALID names the endpoint without one. */
enum err run_session_check_price(const struct endpoint_config *endpoint, struct error *e) MUST_CHECK;
/* -o FILE, before anything is sent: a page that cannot be written is no surprise for the end of a run. */
enum err run_session_check_output(const struct options *o, struct error *e) MUST_CHECK;
/* The one endpoint that `run --sim` tests when the configuration names none. */
void run_session_sim_endpoint(struct settings *s, struct arena *a);
/* One line of what the run will cost and how long it will take, when a price is known. A guess that cannot be made is left out. */
void run_session_say_estimate(struct store *s, const char *run_id, const struct settings *settings);
/* Runs what is pending, prints the table (or the JSON document), writes -o FILE, says what to do next. */
enum exit_code run_session(const struct run_session *r);
/* Writes the report of a run in `format` ("html", "text", "json", "csv", "markdown", "junit") to a file, or to stdout when path is NULL. */
enum err run_session_report(struct workspace *w, const struct options *o, const char *run_id, const char *format, const char *path,
                            struct error *e) MUST_CHECK;

#endif
