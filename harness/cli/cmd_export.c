/*
 * export: one run as one file, to be imported elsewhere.
 */
#include "base/fs.h"
#include "base/json_member.h"
#include "base/log.h"
#include "base/text_safe.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "store/transfer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *file_name(struct workspace *w, const struct options *o, const struct run_row *run)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    if (option_given(o, OPT_OUTPUT))
        return option_value(o, OPT_OUTPUT);
    text_safe_filename(run->id, strlen(run->id), &name);
    return arena_printf(&w->arena, "%s.gauntlet", name.buf);
}

/* A store that is one file, without the files that a writing one has beside it. */
static enum err fill(struct workspace *w, const struct run_row *run, const struct transfer_options *options, const char *path,
                     struct transfer_result *ret_r, struct error *e)
{
    CLEANUP(store_closep) struct store *to = NULL;
    if (store_open(path, STORE_CREATE, &to, e) != OK)
        return e->code;
    enum err code = store_begin(to, e);
    if (code == OK)
        code = store_transfer_run(w->store, to, run->id, options, ret_r, e);
    if (code == OK)
        code = store_commit(to, e);
    else
        store_rollback(to);
    return code == OK ? store_single_file(to, e) : code;
}

static enum err write_file(struct workspace *w, const struct run_row *run, const struct transfer_options *options, const char *path,
                           struct transfer_result *ret_r, struct error *e)
{
    const char *part = arena_printf(&w->arena, "%s.part", path);
    (void)unlink(part);
    enum err code = fill(w, run, options, part, ret_r, e);
    if (code == OK && rename(part, path) != 0)
        code = error_os(e, errno, "cannot write '%s'", path);
    if (code != OK) {
        (void)unlink(part);
        (void)unlink(arena_printf(&w->arena, "%s-wal", part));
        (void)unlink(arena_printf(&w->arena, "%s-shm", part));
    }
    return code;
}

static void say(const struct options *o, const struct run_row *run, const char *path, bool bodies, const struct transfer_result *r)
{
    struct stat st = { 0 };
    (void)stat(path, &st);
    if (option_given(o, OPT_JSON)) {
        cJSON *document = output_document();
        json_member_text(document, "run", run->id);
        json_member_text(document, "file", path);
        json_member_int(document, "bytes", true, st.st_size);
        (void)cJSON_AddBoolToObject(document, "bodies", bodies);
        json_member_int(document, "trials", true, r->trials);
        json_member_int(document, "attempts", true, r->attempts);
        json_member_int(document, "labels", true, r->labels);
        json_member_int(document, "withheld", true, r->withheld);
        output_json(document);
    }
    log_line(LOG_INFO, "wrote %s: run %s, %lld trials, %lld labels", path, run->id, (long long)r->trials, (long long)r->labels);
    if (!bodies)
        log_line(LOG_INFO, "without prompts and answers: it can be reported and compared; --with-bodies takes them along");
    else if (r->withheld)
        log_line(LOG_INFO, "the texts of %lld trials are withheld (redact_categories)", (long long)r->withheld);
}

static enum exit_code export_run(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    struct transfer_result result = { 0 };
    if (store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK)
        return common_fail(e);
    const char *path = file_name(w, o, &run);
    struct transfer_options options = { .bodies = option_given(o, OPT_WITH_BODIES), .redact = common_redact(w, &run), .roots = true };
    if (!option_given(o, OPT_FORCE) && fs_exists(path)) {
        (void)error_set(e, ERR_INVALID, "'%s' exists; --force overwrites it", path);
        return common_fail(e);
    }
    if (write_file(w, &run, &options, path, &result, e) != OK)
        return common_fail(e);
    say(o, &run, path, options.bodies, &result);
    return EXIT_OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = common_open_store(&w, o, STORE_READ, &e) == OK ? export_run(&w, o, &e) : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_export = {
    .name = "export",
    .arguments = "RUN",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_OUTPUT, OPT_WITH_BODIES, OPT_FORCE),
    .help = "write a run to one file, for `import` elsewhere",
    .manual = "The file is a store with this run alone: any gauntlet reports it, compares it and imports it, and sqlite3 opens it.\n"
              "Without -o it is RUN.gauntlet.\n"
              "\n"
              "Prompts, answers, raw replies, explanations and notes stay behind unless --with-bodies says so; ids, verdicts, scores,\n"
              "hashes, times, tokens and costs go. Such a run cannot be resumed or scored again. The texts of categories on the\n"
              "configuration's `redact_categories` stay behind in any case. Images are never in a store.\n",
    .run = run,
};
