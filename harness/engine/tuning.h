/*
 * tuning - limits that are changed while a run goes: `gauntlet tune RUN NAME.KEY=VALUE`, and SIGHUP for config.yaml.
 *
 * Way of a wish: `tune` writes it into the event table (kind "tune") through its own connection, which the run's lock does
 * not hinder; the run's watching thread reads that table ten times a second and gives the limit to the lane, whose
 * dispatcher takes it before it starts the next request. A new configuration goes the same way from there on: each limit
 * that differs from the configuration read before is changed, so that what was tuned by hand stays until its line changes.
 * What was done is an event again (kind "limits").
 *
 * Keys      max_in_flight (1 … dispatch.max_in_flight of the run's start, for which it has room), requests_per_minute and
 *           tokens_per_minute (0 = no limit), budget_usd (-1 = none) of an endpoint; dispatch.max_in_flight.
 * Threads   tuning_apply and what it calls: the thread of engine_run.
 */
#ifndef ENGINE_TUNING_H
#define ENGINE_TUNING_H

#include "base/arena.h"
#include "base/err.h"
#include "config/settings.h"

#include <stdbool.h>
#include <stddef.h>

#define TUNE_EVENT "tune" /* event.kind of a wish */

enum tuning_key { TUNE_MAX_IN_FLIGHT, TUNE_REQUESTS_PER_MINUTE, TUNE_TOKENS_PER_MINUTE, TUNE_BUDGET_USD };

struct tuning {
    const char *endpoint; /* NULL: of all endpoints together (dispatch) */
    enum tuning_key key;
    double value;
};

struct pipeline;

/* "NAME.KEY=VALUE", where NAME is one of `name` or "dispatch"; a name may hold dots. ERR_INVALID names what is near. */
enum err tuning_parse(const char *text, const char *const *name, size_t count, struct arena *a, struct tuning *ret_t,
                      struct error *e) MUST_CHECK;
const char *tuning_key_name(enum tuning_key key);
/* The wish as event.detail_json: appends an object. */
void tuning_write(const struct tuning *t, struct strbuf *out);
/* False for what tuning_write would not have written: the store may come from anywhere. */
bool tuning_read(const char *json, struct arena *a, struct tuning *ret_t);

/* Gives the limit to every lane of that name and says so in a notice; a limit that cannot hold is told, too. */
void tuning_apply(struct pipeline *p, const struct tuning *t);
/* Applies each limit in which the two configurations differ. */
void tuning_apply_settings(struct pipeline *p, const struct settings *before, const struct settings *now);

#endif
