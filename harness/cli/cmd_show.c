/*
 * show: one run, one sample with everything that happened to it, or a data set.
 *
 * ID is a run (as everywhere), a sample id of the last run, RUN:SAMPLE, a trial number, or a data set. Model output is hostile: every
 * line of it is prefixed and cleaned.
 */
#include "base/clock.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/dataset_show.h"
#include "cli/output.h"
#include "cli/run_session.h"
#include "cli/terminal.h"
#include "reports/trial_model.h"

#include <math.h>
#include <string.h>

static void add_line(struct strbuf *out, const char *label, const char *text)
{
    if (!text || !text[0])
        return;
    (void)strbuf_addf(out, "%-12s ", label);
    text_safe_terminal(text, strlen(text), 0, terminal_is_utf8(), out);
    (void)strbuf_addch(out, '\n');
}

static void add_block(struct strbuf *out, const char *label, const char *text)
{
    if (!text || !text[0])
        return;
    (void)strbuf_addf(out, "%s\n", label);
    text_safe_lines(text, strlen(text), "| ", out);
    if (out->len && out->buf[out->len - 1] != '\n')
        (void)strbuf_addch(out, '\n');
}

static void add_attempts(struct strbuf *out, const struct trial_detail *t)
{
    for (size_t i = 0; i < t->attempt_count; i++) {
        const struct trial_attempt *a = &t->attempt[i];
        CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
        clock_format_utc(a->sent_at, true, &time);
        (void)strbuf_addf(out, "attempt %d    %s", a->number, time.buf);
        if (a->http_status)
            (void)strbuf_addf(out, "  HTTP %d", a->http_status);
        if (a->done_at > a->sent_at) {
            (void)strbuf_addstr(out, "  ");
            units_format_duration(a->done_at - a->sent_at, out);
        }
        if (a->error_class && a->error_class[0])
            (void)strbuf_addf(out, "  %s", a->error_class);
        if (a->retry_after_us >= 0) {
            (void)strbuf_addstr(out, "  retry after ");
            units_format_duration(a->retry_after_us, out);
        }
        (void)strbuf_addf(out, "  trace %s\n", a->trace_id ? a->trace_id : "-");
        if (a->message && a->message[0]) {
            (void)strbuf_addstr(out, "             ");
            text_safe_terminal(a->message, strlen(a->message), 0, terminal_is_utf8(), out);
            (void)strbuf_addch(out, '\n');
        }
    }
}

static void add_trial_text(struct strbuf *out, const struct trial_detail *t)
{
    (void)strbuf_addf(out, "trial %lld of run %s, endpoint ", (long long)t->trial_id, t->run_id);
    text_safe_terminal(t->endpoint, strlen(t->endpoint), 0, terminal_is_utf8(), out);
    (void)strbuf_addf(out, ", epoch %d\n", t->epoch);
    add_line(out, "sample", t->sample_key);
    add_line(out, "intent id", t->intent_id);
    add_line(out, "intent", t->intent);
    add_line(out, "category", t->category);
    add_line(out, "subcategory", t->subcategory);
    add_line(out, "attack", t->attack);
    add_line(out, "expected", expected_name(t->expected));
    (void)strbuf_addf(out, "%-12s %s%s%s\n", "status", trial_status_name(t->status), t->reason && t->reason[0] ? ", " : "",
                      t->reason ? t->reason : "");
    for (size_t i = 0; i < t->score_count; i++) {
        const struct trial_score *s = &t->score[i];
        (void)strbuf_addf(out, "%-12s %s: %s%s%s", s->is_primary ? "verdict" : "", s->scorer, verdict_name(s->verdict),
                          s->reason && s->reason[0] ? ", " : "", s->reason ? s->reason : "");
        if (!isnan(s->value))
            (void)strbuf_addf(out, "  value %.3g", s->value);
        if (s->explanation && s->explanation[0]) {
            (void)strbuf_addstr(out, "  (");
            text_safe_terminal(s->explanation, strlen(s->explanation), 0, terminal_is_utf8(), out);
            (void)strbuf_addch(out, ')');
        }
        (void)strbuf_addch(out, '\n');
    }
    for (size_t i = 0; i < t->image_count; i++) {
        const struct trial_image *m = &t->image[i];
        CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
        (void)strbuf_addf(&line, "%s  %s %lldx%lld  ", m->name, m->mime ? m->mime : "?", (long long)m->width, (long long)m->height);
        units_format_size((uint64_t)(m->bytes > 0 ? m->bytes : 0), &line);
        (void)strbuf_addf(&line, "  sha256 %s", m->sha256 ? m->sha256 : "not read yet");
        add_line(out, "image", line.buf);
    }
    add_attempts(out, t);
    add_line(out, "finish", t->finish_reason);
    add_line(out, "model echo", t->model_echo);
    add_line(out, "provider", t->provider_echo);
    if (t->latency_us >= 0) {
        (void)strbuf_addf(out, "%-12s ", "latency");
        units_format_duration(t->latency_us, out);
        (void)strbuf_addf(out, "  tokens %lld in, %lld out\n", (long long)t->prompt_tokens, (long long)t->completion_tokens);
    }
    add_block(out, "prompt", t->prompt);
    add_block(out, "reasoning", t->reasoning);
    add_block(out, "answer", t->content);
    (void)strbuf_addch(out, '\n');
}

/* For people: the texts of a withheld category are not there. Member by member what trial_model_withhold does to the document. */
static void withhold(struct trial_detail *t)
{
    t->intent = t->prompt = t->context = "";
    t->extra_json = "{}";
    t->content = t->reasoning = t->refusal = NULL;
    for (size_t i = 0; i < t->score_count; i++) {
        t->score[i].explanation = NULL;
        t->score[i].votes_json = NULL;
    }
    for (size_t i = 0; i < t->image_count; i++)
        t->image[i].name = "(withheld)";
    for (size_t i = 0; i < t->attempt_count; i++)
        t->attempt[i].message = t->attempt[i].headers_json = NULL;
}

static enum err add_trial(struct workspace *w, int64_t id, cJSON *list, struct strbuf *out, struct error *e)
{
    struct trial_detail t;
    struct run_row run;
    if (store_trial_detail(w->store, id, &w->arena, &t, e) != OK || store_run_find(w->store, t.run_id, &w->arena, &run, e) != OK)
        return e->code;
    struct redact_list redact = common_redact(w, &run);
    bool withheld = redact_matches(&redact, t.category, t.subcategory);
    cJSON *json = trial_model(&t);
    if (withheld) {
        withhold(&t);
        trial_model_withhold(json);
    }
    cJSON_AddItemToArray(list, json);
    add_trial_text(out, &t);
    if (withheld)
        (void)strbuf_addstr(out, "This category is on the list of redact_categories: ids, verdicts and hashes only.\n\n");
    return OK;
}

static enum err show_trials(struct workspace *w, const int64_t *id, size_t count, bool as_json, struct error *e)
{
    cJSON *document = output_document();
    cJSON *list = cJSON_AddArrayToObject(document, "trials");
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    enum err rc = OK;
    for (size_t i = 0; rc == OK && i < count; i++)
        rc = add_trial(w, id[i], list, &out, e);
    if (rc == OK && as_json) {
        output_json(document);
        return OK;
    }
    if (rc == OK)
        terminal_write(out.buf, out.len);
    cJSON_Delete(document);
    return rc;
}

/* RUN:SAMPLE, SAMPLE of the last run, or a trial number. */
static enum err find_trials(struct workspace *w, const char *id, int64_t **ret_id, size_t *ret_count, struct error *e)
{
    struct run_row run;
    const char *colon = strchr(id, ':');
    if (colon && strncmp(id, "baseline:", 9) != 0) {
        const char *reference = arena_strndup(&w->arena, id, (size_t)(colon - id));
        if (store_run_find(w->store, reference, &w->arena, &run, NULL) == OK &&
            store_trial_find(w->store, run.id, colon + 1, &w->arena, ret_id, ret_count, e) == OK && *ret_count > 0)
            return OK;
    }
    if (store_run_find(w->store, "last", &w->arena, &run, e) != OK)
        return e->code;
    return store_trial_find(w->store, run.id, id, &w->arena, ret_id, ret_count, e);
}

static enum exit_code show(struct workspace *w, const struct options *o, struct error *e)
{
    const char *id = o->argument[0];
    struct run_row run;
    int64_t *trial = NULL;
    size_t count = 0;
    bool json = option_given(o, OPT_JSON);
    if (store_run_find(w->store, id, &w->arena, &run, e) == OK)
        return run_session_report(w, o, run.id, json ? "json" : "text", NULL, e) == OK ? EXIT_OK : common_fail(e);
    if (find_trials(w, id, &trial, &count, e) != OK)
        return common_fail(e);
    if (count == 0) {
        (void)error_set(e, ERR_NOT_FOUND,
                        "'%.100s' is neither a run of this store nor a sample of its last run; RUN:SAMPLE names one of another run", id);
        return common_fail(e);
    }
    return show_trials(w, trial, count, json, e) == OK ? EXIT_OK : common_fail(e);
}

/* A data set needs no store; a sample or a run does. */
static enum exit_code run_or_set(struct workspace *w, const struct options *o, struct error *e)
{
    const char *id = o->argument[0], *data = o->argument_count > 1 ? o->argument[1] : NULL;
    if (dataset_show_means(id))
        return dataset_show(o, id, data, &w->arena, e) == OK ? EXIT_OK : common_fail(e);
    if (data || option_given(o, OPT_MAP)) {
        (void)error_set(e, ERR_INVALID, "a folder and --map go with a data set (`show dataset:NAME DIR`), and '%.100s' is none", id);
        return common_fail(e);
    }
    return common_open_store(w, o, STORE_READ, e) == OK ? show(w, o, e) : common_fail(e);
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum exit_code code = run_or_set(&w, o, &e);
    common_close(&w);
    return code;
}

const struct command cmd_show = {
    .name = "show",
    .arguments = "ID [DIR]",
    .min_arguments = 1,
    .max_arguments = 2,
    .options = OPTION_LIST(OPT_MAP),
    .help = "one run's table, one sample with its attempts, answer and verdicts, or what is in a data set",
    .manual = "ID is a run, a sample id of the last run, RUN:SAMPLE, or a trial number. What a model said is printed with `| `\n"
              "before each line and without control characters.\n\n"
              "dataset:NAME is a folder of ./datasets or a preset; a path to a folder with dataset.yaml, or to such a file, will do.\n"
              "Every row and image is read and counted. DIR is your copy of a preset's data; without it the preset says what it is\n"
              "made for.\n",
    .run = run,
};
