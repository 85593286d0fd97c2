/*
 * pull: a data set of the Hub at a commit, or one file, into a folder; every byte verified.
 */
#include "base/arena.h"
#include "base/fs.h"
#include "base/json_member.h"
#include "base/log.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "cli/pull_advice.h"
#include "cli/pull_view.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "core/version.h"
#include "net/http.h"

#include <ctype.h>
#include <string.h>

/* ---- What was asked for -------------------------------------------------------------------------------------------- */

static enum err read_sha256(const struct options *o, const struct hub_spec *spec, struct arena *a, const char **ret, struct error *e)
{
    const char *text = option_value(o, OPT_SHA256);
    if (spec->repo)
        return text ? error_set(e, ERR_INVALID, "--sha256 is for a https:// file; the Hub lists the hashes of a data set itself") : OK;
    if (!text)
        return error_set(e, ERR_INVALID,
                         "a file is pulled only with its hash: --sha256 HEX%s\n  (the publisher names it; `sha256sum FILE` of a copy that "
                         "you trust does, too)",
                         strstr(spec->url, "huggingface.co/datasets/") ? ", and a data set of the Hub as hf:ORG/NAME@REVISION" : "");
    char *hex = arena_strdup(a, text);
    for (char *c = hex; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (!hub_is_hex(hex, SHA256_HEX))
        return error_set(e, ERR_INVALID, "--sha256: '%.80s' is not 64 hex digits", text);
    *ret = hex;
    return OK;
}

static enum err read_order(const struct options *o, struct arena *a, struct hub_order *order, struct error *e)
{
    enum err rc = hub_spec_parse(o->argument[0], a, &order->spec, e);
    if (rc == OK)
        rc = read_sha256(o, &order->spec, a, &order->sha256, e);
    if (rc != OK)
        return rc;
    const char *name = order->spec.name;
    size_t stem = order->spec.repo ? strlen(name) : strcspn(name, ".");
    order->dir =
        option_given(o, OPT_TO) ? option_value(o, OPT_TO) : arena_printf(a, "datasets/%.*s", (int)(stem ? stem : strlen(name)), name);
    if (!order->dir[0])
        return error_set(e, ERR_INVALID, "--to needs a folder");
    order->force = option_given(o, OPT_FORCE);
    order->user_agent = "gauntlet/" GAUNTLET_VERSION;
    return OK;
}

/* ---- The watcher --------------------------------------------------------------------------------------------------- */

static bool on_stop(void *view)
{
    (void)view;
    return stop_level() != STOP_NO;
}

static void on_progress(void *view, const struct hub_progress *p)
{
    pull_view_update(view, p);
}

static void on_notice(void *view, enum log_level level, const char *kind, const char *message)
{
    pull_view_notice(view, level, kind, message);
}

/* ---- The result ---------------------------------------------------------------------------------------------------- */

static void add_count(cJSON *object, const char *key, int64_t count)
{
    (void)cJSON_AddNumberToObject(object, key, (double)count);
}

static void add_failures(cJSON *document, const struct hub_tally *t)
{
    cJSON *list = cJSON_AddArrayToObject(document, "failures");
    for (size_t i = 0; i < t->failure_count; i++) {
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "path", t->failure[i].path);
        json_member_text(item, "reason", t->failure[i].reason);
        cJSON_AddItemToArray(list, item);
    }
}

static void print_json(const struct hub_order *order, const struct hub_result *r, const struct error *failed)
{
    const struct hub_lock *lock = &r->lock;
    CLEANUP(strbuf_release) struct strbuf yaml = STRBUF_INIT;
    cJSON *document = output_document();
    (void)cJSON_AddBoolToObject(document, "complete", !failed);
    json_member_text(document, "error", failed ? failed->msg : NULL);
    json_member_text(document, "kind", order->spec.repo ? "hf" : "url");
    json_member_text(document, "repo", lock->repo ? lock->repo : order->spec.repo);
    json_member_text(document, "renamed_from", r->renamed_from);
    json_member_text(document, "endpoint", lock->endpoint);
    json_member_text(document, "revision", lock->revision);
    json_member_text(document, "commit", lock->commit);
    json_member_text(document, "url", lock->url);
    json_member_text(document, "licence", lock->licence);
    json_member_text(document, "gated", lock->gated);
    (void)cJSON_AddBoolToObject(document, "private", lock->is_private);
    json_member_text(document, "listing", lock->url ? "url" : lock->from_cache ? "cache" : "hub");
    json_member_text(document, "dir", order->dir);
    (void)cJSON_AddBoolToObject(document, "already_complete", r->already_complete);
    cJSON *files = cJSON_AddObjectToObject(document, "files");
    add_count(files, "total", (int64_t)lock->listing.count);
    add_count(files, "kept", r->tally.kept);
    add_count(files, "cached", r->tally.cached);
    add_count(files, "fetched", r->tally.fetched);
    add_count(files, "failed", r->tally.failed);
    add_count(document, "bytes", r->tally.bytes);
    add_count(document, "fetched_bytes", r->tally.fetched_bytes);
    add_count(document, "retries", r->tally.retries);
    add_failures(document, &r->tally);
    bool advice = !failed && pull_advice_yaml(order->dir, lock, &yaml);
    json_member_text(document, "dataset_yaml", advice ? yaml.buf : NULL);
    output_json(document);
}

static void add_summary(const struct hub_order *order, const struct hub_result *r, struct strbuf *out)
{
    const struct hub_lock *lock = &r->lock;
    (void)strbuf_addf(out, "# %s%s%s: ", lock->url ? lock->url : lock->repo, lock->url ? "" : " at ", lock->url ? "" : lock->commit);
    units_format_count((int64_t)lock->listing.count, out);
    (void)strbuf_addf(out, " file%s, ", lock->listing.count == 1 ? "" : "s");
    units_format_size((uint64_t)r->tally.bytes, out);
    (void)strbuf_addf(out, " in %s, every hash verified%s\n", order->dir, r->already_complete ? "; it was complete already" : "");
    if (lock->repo)
        (void)strbuf_addf(out, "# licence %s, gated %s\n", lock->licence ? lock->licence : "unknown",
                          lock->gated ? lock->gated : "unknown");
}

/* What stands behind # is for people; all of it together is a dataset.yaml that can be kept as it is printed. */
static void print_text(const struct hub_order *order, const struct hub_result *r)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf own = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf preset = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf yaml = STRBUF_INIT;
    fs_join(order->dir, "dataset.yaml", &own);
    add_summary(order, r, &out);
    bool preset_known = pull_advice_preset(&r->lock, &preset);
    if (preset_known)
        (void)strbuf_addf(&out, "# there is a preset for it; in a suite: dataset: {preset: %s, path: %s}\n", preset.buf, order->dir);
    if (fs_exists(own.buf))
        (void)strbuf_addf(&out, "# next: %s is there; a suite names the folder (`dataset: %s`), `gauntlet check SUITE` reads every byte\n",
                          own.buf, order->dir);
    else if (pull_advice_yaml(order->dir, &r->lock, &yaml))
        (void)strbuf_addf(&out, "# next: look this over, keep it as %s, then a suite with `dataset: %s` and `gauntlet check SUITE`\n%s",
                          own.buf, order->dir, yaml.buf);
    else if (!preset_known)
        (void)strbuf_addf(&out,
                          "# next: write %s (docs/datasets.md shows how), or use a preset in a suite: dataset: {preset: NAME, path: %s}\n",
                          own.buf, order->dir);
    terminal_write(out.buf, out.len);
}

/* ---- The verb ------------------------------------------------------------------------------------------------------ */

static enum exit_code fail(const struct hub_result *r, struct error *e)
{
    if (e->code == ERR_CANCELLED) {
        log_line(LOG_WARN, "interrupted; what has come is kept, and the same command goes on");
        return stop_exit_code();
    }
    if (r->incomplete)
        (void)error_suffix(e, "\n  what has come is kept; the same command goes on");
    enum exit_code code = common_fail(e);
    return r->incomplete && code != EXIT_INTERNAL ? EXIT_INCOMPLETE : code;
}

static enum exit_code pull(const struct hub_order *order, struct arena *a, bool json)
{
    struct error e;
    struct hub_result result = { 0 };
    struct pull_view *view = pull_view_new(terminal_progress());
    const struct hub_watch watch = { .context = view, .stop = on_stop, .progress = on_progress, .notice = on_notice };
    enum err rc = hub_pull(order, &watch, a, &result, &e);
    pull_view_free(view);

    enum exit_code code = rc == OK ? EXIT_OK : fail(&result, &e);
    if (json)
        print_json(order, &result, rc == OK ? NULL : &e);
    else if (rc == OK)
        print_text(order, &result);
    hub_result_release(&result);
    return code;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct arena arena = ARENA_INIT;
    struct hub_order order = { 0 };
    stop_catch_signals();
    enum exit_code code = EXIT_OK;
    if (read_order(o, &arena, &order, &e) != OK || http_global_init(&e) != OK) {
        code = common_fail(&e);
    } else {
        code = pull(&order, &arena, option_given(o, OPT_JSON));
        http_global_cleanup();
    }
    arena_release(&arena);
    return code;
}

const struct command cmd_pull = {
    .name = "pull",
    .arguments = "DATASET",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_TO, OPT_SHA256, OPT_FORCE),
    .help = "bring a data set from the Hub at a pinned commit, verified",
    .manual = "DATASET is hf:ORG/NAME@REVISION (a branch, a tag or, best, a full commit), or https://HOST/FILE with --sha256.\n"
              "Every file is hashed before it gets its name; what breaks off is continued by the same command, and a folder that\n"
              "is complete is only verified. dataset.lock, written last, says what is there. The token is that of HF_TOKEN or of\n"
              "`hf auth login`; it goes to the Hub alone. HF_ENDPOINT, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE are heeded.\n"
              "A branch draws a warning that names the commit to pin. Files that the Hub's own clients have in their cache are taken from "
              "there.\n"
              "Prints the dataset.yaml that an image folder needs. docs/pull.md has more.\n",
    .run = run,
};
