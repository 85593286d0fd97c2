/*
 * label: answers out to people, and their verdicts back in.
 */
#include "base/fs.h"
#include "base/json_member.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/label_export.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "engine/label_import.h"

#include <math.h>
#include <string.h>

enum { USUAL_LIMIT = 300 };

#define EXPORT_OPTIONS OPT_PLAN, OPT_LIMIT, OPT_SEED, OPT_SCORER, OPT_SHOW_JUDGE, OPT_ENDPOINT, OPT_FORMAT, OPT_OUTPUT
#define IMPORT_OPTIONS OPT_LABELLER, OPT_FORCE, OPT_DRY_RUN

static enum err refuse(const struct options *o, const enum option_id *list, const char *half, struct error *e)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_listed(list, (enum option_id)id) && option_given(o, (enum option_id)id))
            return error_set(e, ERR_INVALID, "--%s is of `label %s` only", option_name((enum option_id)id), half);
    }
    return OK;
}

/* ---- Export ---- */

struct exporting {
    struct run_row run;
    struct scorer_row scorer;
    struct label_export x;
    int64_t limit;
    const char *path; /* NULL = stdout */
    struct label_draw draw;
    size_t population, without_verdict;
};

static enum err read_options(const struct options *o, struct exporting *p, struct error *e)
{
    const char *plan = option_value(o, OPT_PLAN), *format = option_value(o, OPT_FORMAT);
    int64_t seed = 0;
    p->limit = USUAL_LIMIT;
    p->path = option_value(o, OPT_OUTPUT);
    p->x.plan = LABEL_STRATIFIED;
    p->x.show_judge = option_given(o, OPT_SHOW_JUDGE);
    if (p->path && strcmp(p->path, "-") == 0)
        p->path = NULL;
    if (refuse(o, OPTION_LIST(IMPORT_OPTIONS), "import", e) != OK || option_int(o, OPT_LIMIT, 1, MAX_LABELS, &p->limit, e) != OK ||
        option_int(o, OPT_SEED, 0, INT64_MAX, &seed, e) != OK)
        return e->code;
    if (plan && (!label_plan_parse(plan, &p->x.plan) || !label_plan_is_drawn(p->x.plan)))
        return error_set(e, ERR_INVALID, "--plan: '%.40s' is none of random, stratified, disagreement", plan);
    if (format && strcmp(format, "csv") != 0 && strcmp(format, "jsonl") != 0)
        return error_set(e, ERR_INVALID, "--format: '%.40s' is neither csv nor jsonl", format);
    if (option_given(o, OPT_JSON) && !p->path)
        return error_set(e, ERR_INVALID, "--json wants -o FILE: the labels and the summary cannot both go to stdout");
    const char *dot = p->path ? strrchr(p->path, '.') : NULL;
    p->x.jsonl = format ? strcmp(format, "jsonl") == 0 : dot && strcmp(dot, ".jsonl") == 0;
    p->x.seed = (uint64_t)seed;
    return OK;
}

static bool is_wanted(const struct option_values *name, const char *endpoint)
{
    for (size_t i = 0; i < name->count; i++) {
        if (strcmp(name->value[i], endpoint) == 0)
            return true;
    }
    return name->count == 0;
}

static enum err check_names(const struct option_values *name, const struct endpoint_row *endpoint, size_t count, struct error *e)
{
    for (size_t i = 0; i < name->count; i++) {
        size_t k = 0;
        while (k < count && strcmp(endpoint[k].name, name->value[i]) != 0)
            k++;
        if (k == count)
            return error_set(e, ERR_INVALID, "the run has no endpoint '%.60s'", name->value[i]);
    }
    return OK;
}

static enum err draw(struct workspace *w, const struct options *o, struct exporting *p, struct error *e)
{
    struct endpoint_row *endpoint;
    size_t count;
    const struct option_values *name = &o->option[OPT_ENDPOINT];
    if (store_endpoint_list(w->store, p->run.id, &w->arena, &endpoint, &count, e) != OK || check_names(name, endpoint, count, e) != OK)
        return e->code;
    struct label_candidate **of = arena_array(&w->arena, count + 1, sizeof(struct label_candidate *)), *all;
    size_t *of_count = arena_array(&w->arena, count + 1, sizeof(*of_count)), n = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(name, endpoint[i].name) &&
            store_label_candidates(w->store, endpoint[i].id, p->scorer.id, &w->arena, &of[i], &of_count[i], e) != OK)
            return e->code;
        p->population += of_count[i];
    }
    all = arena_array(&w->arena, p->population + 1, sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < of_count[i]; k++) {
            p->without_verdict += of[i][k].judge == VERDICT_UNSCORED;
            all[n++] = of[i][k];
        }
    }
    label_draw(all, n, p->x.plan, (size_t)p->limit, p->x.seed, &w->arena, &p->draw);
    p->x.draw = &p->draw;
    return OK;
}

static void write_export_json(const struct exporting *p)
{
    cJSON *document = output_document();
    json_member_text(document, "run", p->run.id);
    json_member_text(document, "file", p->path);
    json_member_text(document, "plan", label_plan_name(p->x.plan));
    json_member_text(document, "scorer", p->scorer.name);
    (void)cJSON_AddNumberToObject(document, "seed", (double)p->x.seed);
    (void)cJSON_AddNumberToObject(document, "population", (double)p->population);
    (void)cJSON_AddNumberToObject(document, "without_verdict", (double)p->without_verdict);
    (void)cJSON_AddNumberToObject(document, "drawn", (double)p->draw.count);
    cJSON *list = cJSON_AddArrayToObject(document, "strata");
    for (int i = 0; i < (p->x.plan == LABEL_RANDOM ? 1 : 2); i++) {
        const struct label_stratum *s = &p->draw.stratum[i];
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "stratum", label_stratum_name(&p->x, i == 0));
        (void)cJSON_AddNumberToObject(item, "population", (double)s->population);
        (void)cJSON_AddNumberToObject(item, "drawn", (double)s->drawn);
        json_member_number(item, "inclusion_probability", s->probability > 0 ? s->probability : NAN);
        cJSON_AddItemToArray(list, item);
    }
    output_json(document);
}

static enum err export_labels(struct workspace *w, const struct options *o, struct error *e)
{
    struct exporting p = { 0 };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    strbuf_init(&text, MAX_LABEL_FILE_BYTES);
    if (o->argument_count != 2)
        return error_set(e, ERR_INVALID, "label export wants a RUN, and -o FILE for its file");
    if (read_options(o, &p, e) != OK || common_open_store(w, o, STORE_READ, e) != OK ||
        store_run_find(w->store, o->argument[1], &w->arena, &p.run, e) != OK || common_need_texts(w, &p.run, e) != OK ||
        common_find_scorer(w, p.run.id, option_value(o, OPT_SCORER), &p.scorer, e) != OK || draw(w, o, &p, e) != OK)
        return e->code;
    if (p.draw.count == 0)
        return error_set(e, ERR_NO_MATCH, "run %s has no answer to an attack that could be labelled", p.run.id);
    p.x.redact = common_redact(w, &p.run);
    if (label_export_write(w->store, &p.x, &text, e) != OK)
        return e->code;
    if (!p.path)
        terminal_write(text.buf, text.len);
    else if (fs_write_file(p.path, text.buf, text.len, e) != OK)
        return e->code;
    log_line(LOG_INFO, "%zu of %zu answers drawn (%s, seed %llu)%s%s", p.draw.count, p.population, label_plan_name(p.x.plan),
             (unsigned long long)p.x.seed, p.path ? "; wrote " : "", p.path ? p.path : "");
    if (option_given(o, OPT_JSON))
        write_export_json(&p);
    return OK;
}

/* ---- Import ---- */

static void write_import_json(const char *run_id, const struct label_import *import, const struct label_imported *done)
{
    cJSON *document = output_document();
    json_member_text(document, "run", run_id);
    json_member_text(document, "file", import->path);
    (void)cJSON_AddBoolToObject(document, "dry_run", import->dry_run);
    const struct {
        const char *name;
        int64_t value;
    } member[] = { { "rows", done->rows },           { "empty", done->empty },     { "repeated", done->repeated },
                   { "added", done->added },         { "updated", done->updated }, { "unchanged", done->unchanged },
                   { "labellers", done->labellers }, { "unfit", done->unfit },     { "unknown_draw", done->unknown_draw } };
    for (size_t i = 0; i < ARRAY_LEN(member); i++)
        (void)cJSON_AddNumberToObject(document, member[i].name, (double)member[i].value);
    output_json(document);
}

static enum err import_labels(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    struct label_imported done;
    if (o->argument_count != 3)
        return error_set(e, ERR_INVALID, "label import wants a RUN and a FILE");
    if (refuse(o, OPTION_LIST(EXPORT_OPTIONS), "export", e) != OK || common_open_store(w, o, STORE_WRITE, e) != OK ||
        store_run_find(w->store, o->argument[1], &w->arena, &run, e) != OK)
        return e->code;
    struct label_import import = { .run_id = run.id,
                                   .path = o->argument[2],
                                   .labeller = option_value(o, OPT_LABELLER),
                                   .force = option_given(o, OPT_FORCE),
                                   .dry_run = option_given(o, OPT_DRY_RUN) };
    if (label_import(w->store, &import, &clock_real, &w->arena, &done, e) != OK)
        return e->code;
    log_line(LOG_INFO, "%s%lld labels added, %lld updated, %lld unchanged; %lld of %lld rows have no verdict yet",
             import.dry_run ? "would be: " : "", (long long)done.added, (long long)done.updated, (long long)done.unchanged,
             (long long)done.empty, (long long)done.rows);
    if (done.unfit > 0)
        log_line(LOG_WARN,
                 "%lld labelled rows were drawn by disagreement or picked by hand: they are no sample of the run, and no rate is "
                 "corrected with them",
                 (long long)done.unfit);
    if (done.unknown_draw > 0)
        log_line(LOG_WARN,
                 "%lld labelled rows do not say how they were drawn (column 'plan'): a rate corrected with them takes them for a random "
                 "subset, and says so",
                 (long long)done.unknown_draw);
    if (option_given(o, OPT_JSON))
        write_import_json(run.id, &import, &done);
    return OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    const char *half = o->argument[0];
    enum err rc = strcmp(half, "export") == 0   ? export_labels(&w, o, &e)
                  : strcmp(half, "import") == 0 ? import_labels(&w, o, &e)
                                                : error_set(&e, ERR_INVALID, "label: '%.40s' is neither export nor import", half);
    enum exit_code code = rc == OK ? EXIT_OK : common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_label = {
    .name = "label",
    .arguments = "export|import RUN [FILE]",
    .min_arguments = 2,
    .max_arguments = 3,
    .options = OPTION_LIST(EXPORT_OPTIONS, IMPORT_OPTIONS),
    .help = "answers out to people, and their verdicts back in",
    .manual = "`label export RUN -o FILE` draws answers to attacks and writes one row each, CSV or JSONL, with an empty verdict, blind\n"
              "to the scorers' verdicts. --plan stratified (by the scorer's verdict; the usual one) says how likely each was to be\n"
              "drawn; random takes one answer of each intent before a second; disagreement takes contested ones first. --limit is\n"
              "300 unless given. The same --seed draws the same.\n"
              "`label import RUN FILE` takes the filled-in file: complied, partial, refused, deflected or unscored. Several people\n"
              "may label a trial. Everything is checked first; what is wrong is named by line, and then nothing is imported.\n"
              "A verdict that differs from the one already there is an error, unless --force.\n",
    .run = run,
};
