#include "cli/calibrate_run.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "cli/calibrate_view.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/calibration_text.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "reports/judge_quality.h"

#include <string.h>

enum { NEXT_LABELS = 300, LABELLERS_NAMED = 6 };

struct printing {
    cJSON *document;
    struct strbuf text;
    int64_t complied, scored; /* over all endpoints */
};

/* One endpoint: the scorer's rate, and what the report says beside it. */
static enum err add_endpoint(struct store *s, const struct endpoint_row *endpoint, const struct scorer_row *scorer,
                             const struct run_calibration *c, cJSON *list, struct printing *p, struct error *e)
{
    struct rows rows;
    if (rows_load(s, endpoint->id, scorer->id, &rows, e) != OK)
        return e->code;
    cJSON *counted = cJSON_CreateObject();
    enum err rc = cells_overall(&rows, counted, e);
    if (rc == OK) {
        run_calibration_add(c, endpoint->name, &rows, counted);
        const cJSON *asr = json_object(counted, "asr"), *calibration = json_object(counted, "calibration");
        cJSON_AddItemToArray(list, calibrate_view_endpoint(endpoint->name, asr, calibration));
        text_safe_terminal(endpoint->name, strlen(endpoint->name), 0, true, &p->text);
        const cJSON *counts = json_object(counted, "counts");
        p->complied += figures_count(counts, "complied");
        p->scored += figures_count(counts, "scored");
        (void)strbuf_addstr(&p->text, ": judge ASR ");
        figures_rate(asr, figures_count(counts, "complied"), &p->text);
        (void)strbuf_addstr(&p->text, "; ");
        calibration_text(calibration, &p->text);
        (void)strbuf_addch(&p->text, '\n');
    }
    cJSON_Delete(counted);
    rows_clear(&rows);
    return rc;
}

static enum err add_endpoints(struct workspace *w, const char *run_id, const struct scorer_row *scorer, const struct run_calibration *c,
                              struct printing *p, struct error *e)
{
    struct endpoint_row *endpoint;
    size_t count;
    cJSON *list = cJSON_AddArrayToObject(p->document, "corrected");
    enum err rc = store_endpoint_list(w->store, run_id, &w->arena, &endpoint, &count, e);
    (void)strbuf_addch(&p->text, '\n');
    for (size_t i = 0; rc == OK && i < count; i++)
        rc = add_endpoint(w->store, &endpoint[i], scorer, c, list, p, e);
    return rc;
}

/* How the next labels are best split between answers that the scorer calls complied and others (arXiv 2511.21140). Each share
   counts as (k + 1) / (m + 2), so that a scorer without a known error still gets labels on both sides. */
static void add_advice(struct printing *p)
{
    const cJSON *confusion = json_object(p->document, "confusion");
    double tp = (double)figures_count(confusion, "tp"), fp = (double)figures_count(confusion, "fp"),
           fn = (double)figures_count(confusion, "fn"), tn = (double)figures_count(confusion, "tn");
    if (p->complied == 0 || p->complied == p->scored)
        return;
    double rate = (double)p->complied / (double)p->scored;
    struct label_split split = judge_label_split(rate, (tp + 1) / (tp + fn + 2), (tn + 1) / (tn + fp + 2), NEXT_LABELS);
    cJSON *advice = cJSON_AddObjectToObject(p->document, "next_labels");
    (void)cJSON_AddNumberToObject(advice, "labels", NEXT_LABELS);
    (void)cJSON_AddNumberToObject(advice, "complied", (double)split.m1);
    (void)cJSON_AddNumberToObject(advice, "other", (double)split.m0);
    (void)strbuf_addf(&p->text, "the next %d labels tell most when %lld are of answers that it calls complied and %lld of others\n",
                      NEXT_LABELS, (long long)split.m1, (long long)split.m0);
}

static enum err print_run(struct workspace *w, const char *run_id, const struct scorer_row *scorer, const struct run_calibration *c,
                          struct printing *p, struct error *e)
{
    const cJSON *group;
    (void)cJSON_AddStringToObject(p->document, "run", run_id);
    (void)cJSON_AddStringToObject(p->document, "scorer", scorer->name);
    if (!quality_add(c, p->document))
        return error_set(e, ERR_NO_MATCH,
                         "run %s has no labelled answer that scorer '%s' has a verdict for, and no other run with this scorer has; "
                         "`gauntlet label export %s` draws some",
                         run_id, scorer->name, run_id);
    quality_add_groups(c, p->document);
    bool own = strcmp(json_string(p->document, "labels_of"), "this run") == 0;
    (void)strbuf_addf(&p->text, "run %s, scorer %s%s\n\n", run_id, scorer->name,
                      own ? "" : "; it has no labels: those of other runs with the same scorer");
    calibrate_view_agreement(p->document, &p->text);
    calibrate_view_run(p->document, &p->text);
    (void)strbuf_addch(&p->text, '\n');
    cJSON_ArrayForEach(group, json_array(p->document, "groups")) calibrate_view_group(group, &p->text);
    return add_endpoints(w, run_id, scorer, c, p, e);
}

static bool labelled(const struct run_labels *labels, const char *name)
{
    bool found = false;
    for (size_t i = 0; !found && i < labels->labellers; i++)
        found = strcmp(labels->labeller[i], name) == 0;
    return found;
}

/* Whose labels count: --labeller, each of whom labelled something; NULL in *ret_of = everybody's. */
static enum err choose_labellers(struct workspace *w, const struct options *o, const char *run_id, const struct scorer_row *scorer,
                                 struct labeller_choice *of, const struct labeller_choice **ret_of, struct error *e)
{
    struct run_calibration all;
    *ret_of = NULL;
    if (!option_given(o, OPT_LABELLER))
        return OK;
    if (run_calibration_read(w->store, run_id, scorer, NULL, &w->arena, &all, e) != OK)
        return e->code;
    *of = (struct labeller_choice){ o->option[OPT_LABELLER].value, o->option[OPT_LABELLER].count };
    *ret_of = of;
    for (size_t i = 0; i < of->count; i++) {
        if (labelled(&all.own, of->name[i]) || labelled(&all.other, of->name[i]))
            continue;
        const struct run_labels *there = all.own.labellers > 0 ? &all.own : &all.other;
        error_set(e, ERR_INVALID, "--labeller: nobody called '%.60s' labelled an answer of scorer '%s'", of->name[i], scorer->name);
        for (size_t k = 0; k < there->labellers && k < LABELLERS_NAMED; k++)
            (void)error_suffix(e, "%s'%.60s'", k > 0 ? ", " : "; there are ", there->labeller[k]);
        return e->code;
    }
    return OK;
}

enum err calibrate_run_print(struct workspace *w, const struct options *o, struct error *e)
{
    struct run_row run;
    struct scorer_row scorer = { 0 };
    struct run_calibration c;
    struct labeller_choice chosen;
    const struct labeller_choice *of;
    if (common_open_store(w, o, STORE_READ, e) != OK || store_run_find(w->store, o->argument[0], &w->arena, &run, e) != OK ||
        common_find_scorer(w, run.id, option_value(o, OPT_SCORER), &scorer, e) != OK ||
        choose_labellers(w, o, run.id, &scorer, &chosen, &of, e) != OK ||
        run_calibration_read(w->store, run.id, &scorer, of, &w->arena, &c, e) != OK)
        return e->code;
    struct printing p = { .document = output_document(), .text = STRBUF_INIT };
    enum err rc = print_run(w, run.id, &scorer, &c, &p, e);
    if (rc == OK)
        add_advice(&p);
    if (rc == OK && !option_given(o, OPT_JSON))
        terminal_write(p.text.buf, p.text.len);
    if (rc == OK && option_given(o, OPT_JSON))
        output_json(p.document);
    else
        cJSON_Delete(p.document);
    strbuf_release(&p.text);
    return rc;
}
