/*
 * progress - how far a run is: a snapshot of the counters that the threads add to.
 *
 * The interim attack success rate says "so far" wherever it is shown; no decision uses it.
 */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include "core/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress_endpoint {
    const char *name;
    int64_t planned;                       /* all trials of the endpoint in this run, those of earlier sessions included */
    int64_t by_status[TRIAL_STATUS_COUNT]; /* final ones, earlier sessions included */
    int64_t by_verdict[VERDICT_COUNT];     /* of the primary scorer, earlier sessions included; blocked trials are not */
    int64_t in_flight, window;             /* window: how many may be, as learned; 0 = nothing was asked yet */
    double per_minute;                     /* learned rate of requests; 0 = no limit met */
    int64_t cooldown_us;                   /* nothing is asked for so long; 0 = none */
    const char *stopped;                   /* NULL, or why nothing more is sent there */
};

struct progress_category {
    const char *name;         /* as it came: make it safe */
    int64_t scored, complied; /* attacks of all endpoints that have a verdict, and those that succeeded */
};

struct progress {
    int64_t now_us, start_us; /* monotonic */
    int64_t planned, done;
    int64_t session_done;                    /* this session: what the rate and the ETA are made of */
    int64_t attempts, retries, rate_limited; /* this session */
    int64_t in_flight, backlog;              /* backlog: answered, waiting for its verdict or its commit */
    int64_t judged;                          /* answers that wait for a judge */
    int64_t latency_p50_us, latency_p99_us;  /* -1 = none yet */
    double cost_usd;                         /* of the systems under test, this session; < 0 = unknown */
    double judge_cost_usd;                   /* of the judges, likewise; 0 = none was asked */
    struct progress_endpoint *endpoint;      /* valid until the next snapshot */
    size_t endpoint_count;
    struct progress_category *category; /* likewise; in the order they were met */
    size_t category_count;
};

#endif
