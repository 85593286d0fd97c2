#include "cli/common.h"

#include "base/log.h"
#include "store/transfer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err common_load_settings(struct workspace *w, const struct options *o, bool optional, struct error *e)
{
    settings_init(&w->settings);
    const char *path = settings_find(option_value(o, OPT_CONFIG), &w->arena);
    if (path) {
        if (settings_load(path, &w->arena, &w->settings, e) != OK)
            return e->code;
    } else if (!optional) {
        return error_set(e, ERR_INVALID, "no configuration: there is no ./config.yaml; `gauntlet init` writes one, -c FILE names another");
    }
    w->store_path = option_given(o, OPT_DB) ? option_value(o, OPT_DB) : w->settings.store;
    return OK;
}

enum err common_open_store(struct workspace *w, const struct options *o, enum store_mode mode, struct error *e)
{
    if (!w->store_path) {
        if (option_given(o, OPT_DB)) {
            settings_init(&w->settings);
            w->store_path = option_value(o, OPT_DB);
        } else if (common_load_settings(w, o, true, e) != OK) {
            return e->code;
        }
    }
    return store_open(w->store_path, mode, &w->store, e);
}

enum err common_find_scorer(struct workspace *w, const char *run_id, const char *name, struct scorer_row *ret_scorer, struct error *e)
{
    struct scorer_row *row;
    size_t count;
    if (store_scorer_list(w->store, run_id, &w->arena, &row, &count, e) != OK)
        return e->code;
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        if (name ? strcmp(row[i].name, name) == 0 : row[i].is_primary) {
            *ret_scorer = row[i];
            return OK;
        }
        (void)strbuf_addf(&names, "%s%s", names.len ? ", " : "", row[i].name);
    }
    return error_set(e, ERR_INVALID, "run %s has no scorer '%.60s'; it has: %s", run_id, name ? name : "", names.buf);
}

struct redact_list common_redact(struct workspace *w, const struct run_row *run)
{
    return redact_of_run(run->config_json, &w->settings.redact, w->settings.redact_given, &w->arena);
}

enum err common_need_texts(struct workspace *w, const struct run_row *run, struct error *e)
{
    enum run_texts texts;
    if (store_run_texts(w->store, run->id, &texts, e) != OK)
        return e->code;
    if (texts == RUN_TEXTS_WHOLE)
        return OK;
    return error_set(e, ERR_INVALID, "run %s came here without %s texts: do that where it ran, or export it there %s", run->id,
                     texts == RUN_TEXTS_NONE ? "its" : "some of its",
                     texts == RUN_TEXTS_NONE ? "--with-bodies" : "without `redact_categories`");
}

void common_close(struct workspace *w)
{
    store_close(w->store);
    settings_release(&w->settings);
    arena_release(&w->arena);
    *w = (struct workspace)WORKSPACE_INIT;
}

static enum exit_code code_of(const struct error *e)
{
    if (strncmp(e->msg, "internal:", 9) == 0)
        return EXIT_INTERNAL;
    switch (e->code) {
    case ERR_AUTH:
    case ERR_NET:
    case ERR_TIMEOUT: return EXIT_UNREACHABLE;
    case ERR_DB: return EXIT_INCOMPLETE;
    case ERR_IO: return e->os == ENOSPC || e->os == EDQUOT || e->os == EFBIG ? EXIT_INCOMPLETE : EXIT_USAGE;
    case ERR_NO_MATCH: return EXIT_NO_VERDICT;
    case ERR_CANCELLED: return EXIT_INTERRUPTED;
    default: return EXIT_USAGE;
    }
}

enum exit_code common_fail(const struct error *e)
{
    log_line(LOG_ERROR, "%s", e->msg);
    return code_of(e);
}

enum exit_code common_fail_unsent(const struct error *e)
{
    enum exit_code code = code_of(e);
    log_line(LOG_ERROR, "%s\n  nothing was sent (exit %d)", e->msg, (int)code);
    return code;
}

bool common_confirm(const char *question)
{
    if (!isatty(STDIN_FILENO))
        return false;
    (void)fprintf(stderr, "%s [y/N] ", question);
    char answer[8];
    return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

enum exit_code common_act(const struct options *o, enum err (*act)(struct workspace *w, const struct options *o, struct error *e))
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = act(&w, o, &e) == OK ? EXIT_OK : common_fail(&e);
    common_close(&w);
    return code;
}
