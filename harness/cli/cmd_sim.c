/*
 * sim: the simulated endpoint on its own, until it is stopped.
 */
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/serve.h"
#include "dataset/dataset.h"
#include "sim/sim.h"

static enum exit_code run(const struct options *o)
{
    struct error e;
    int64_t seed = 0;
    if (option_int(o, OPT_SEED, 0, INT64_MAX, &seed, &e) != OK)
        return common_fail(&e);
    struct dataset_source dataset = { .path = option_value(o, OPT_DATASET) };
    struct sim_options options = {
        .listen = option_given(o, OPT_LISTEN) ? option_value(o, OPT_LISTEN) : "127.0.0.1:0",
        .profile = option_value(o, OPT_PROFILE),
        .dataset = dataset.path ? &dataset : NULL,
        .seed = (uint64_t)seed,
        .log_path = option_value(o, OPT_LOG),
    };

    sigset_t set;
    serve_block_signals(&set);

    struct sim *sim;
    if (sim_start(&options, &sim, &e) != OK)
        return common_fail(&e);
    serve_say_url(sim_url(sim), option_given(o, OPT_JSON));
    serve_until_signal(&set);
    log_line(LOG_INFO, "%lld requests were answered", (long long)sim_requests(sim));
    sim_stop(sim);
    return EXIT_OK;
}

const struct command cmd_sim = {
    .name = "sim",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = OPTION_LIST(OPT_LISTEN, OPT_PROFILE, OPT_DATASET, OPT_SEED, OPT_LOG),
    .help = "a simulated endpoint with planted truth and faults; prints its URL",
    .manual = "Serves /v1/chat/completions, /v1/messages and /v1beta/models/MODEL:generateContent (streaming too) and /v1/models until\n"
              "Ctrl-C. Answers depend on seed, model and request only, so a run against it can be repeated. A profile plants what it\n"
              "answers, how fast, and which faults it has; docs/sim.md explains. GET /sim/log lists every request that it saw.\n",
    .run = run,
};
