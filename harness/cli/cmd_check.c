/*
 * check: configuration, suite and data, before a request is sent. Sends nothing without --probe.
 */
#include "base/fs.h"
#include "base/json.h"
#include "base/json_member.h"
#include "base/log.h"
#include "cli/card_check.h"
#include "cli/check_report.h"
#include "cli/check_summary.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/dataset_options.h"
#include "cli/endpoint_findings.h"
#include "cli/output.h"
#include "cli/probe_view.h"
#include "cli/suite_file.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "engine/judge_models.h"
#include "engine/probe.h"
#include "net/http.h"

#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 3 };

struct checkup {
    struct workspace *w;
    const struct options *o;
    struct check_report report;
    struct check_result result;
    const struct endpoint_config **endpoint;
    size_t endpoint_count;
    const struct endpoint_config **target; /* those of them that the suite would test */
    size_t target_count;
    const char *suite_name; /* NULL = none */
    cJSON *probes;          /* NULL = not asked for */
    cJSON *cards;           /* the same */
    int64_t unreachable;    /* endpoints that the probe could not reach, or that refused the key */
};

/* All of the configuration, or those that -e names. */
static enum err choose_endpoints(struct checkup *c, struct error *e)
{
    const struct settings *s = &c->w->settings;
    const struct option_values *named = &c->o->option[OPT_ENDPOINT];
    const char **known = arena_array(&c->w->arena, s->endpoint_count, sizeof(*known));
    size_t count = named->count ? named->count : s->endpoint_count;
    c->endpoint = arena_array(&c->w->arena, count, sizeof(struct endpoint_config *));
    for (size_t i = 0; i < s->endpoint_count; i++)
        known[i] = s->endpoint[i].name;
    for (c->endpoint_count = 0; c->endpoint_count < count; c->endpoint_count++) {
        size_t k = c->endpoint_count;
        for (k = named->count ? 0 : k; named->count && k < s->endpoint_count && strcmp(known[k], named->value[c->endpoint_count]) != 0; k++)
            ;
        if (k == s->endpoint_count)
            return settings_unknown_endpoint(s, named->value[c->endpoint_count], e);
        c->endpoint[c->endpoint_count] = &s->endpoint[k];
    }
    return OK;
}

static void tell(struct checkup *c, const char *code, enum finding_outcome outcome, const char *subject, const char *message)
{
    check_report_add(&c->report, &(struct check_finding){
                                     .code = code, .outcome = outcome, .file = "", .sample = "", .subject = subject, .message = message });
}

static void check_endpoints(struct checkup *c)
{
    const struct settings *s = &c->w->settings;
    for (size_t i = 0; i < c->endpoint_count; i++)
        endpoint_findings(s, c->endpoint[i], &c->w->arena, &c->report);
    if (c->endpoint_count == 0)
        tell(c, "E0", FINDING_WARN, s->path ? s->path : "configuration", "no endpoint is configured; only `run --sim` can work");
}

static void take_finding(const struct check_finding *f, void *context)
{
    struct checkup *c = context;
    c->unreachable += strcmp(f->code, "E9") == 0;
    check_report_add(&c->report, f);
}

/* Beside the store, a file for each endpoint: what its answers were like that day. */
static enum err keep_probes(const struct checkup *c, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    const cJSON *probe;
    fs_dirname(c->w->settings.store, &folder);
    cJSON_ArrayForEach(probe, c->probes)
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        const char *path = arena_printf(&c->w->arena, "%s/probe/%s.json", folder.buf, json_string(probe, "endpoint"));
        json_add_pretty(&text, probe);
        (void)strbuf_addch(&text, '\n');
        if (fs_make_parents(path, e) != OK || fs_write_file(path, text.buf, text.len, e) != OK)
            return e->code;
        log_line(LOG_INFO, "probe of '%s' kept in %s", json_string(probe, "endpoint"), path);
    }
    return OK;
}

static enum err probe(struct checkup *c, struct error *e)
{
    const struct probe_options options = {
        .endpoint = c->endpoint, .endpoint_count = c->endpoint_count, .report = take_finding, .context = c
    };
    if (c->report.by_outcome[FINDING_FATAL] > 0) /* a configuration that is wrong is put right first */
        return OK;
    c->probes = cJSON_CreateArray();
    if (http_global_init(e) != OK)
        return e->code;
    enum err rc = engine_probe(&options, &c->w->arena, c->probes, e);
    http_global_cleanup();
    return rc == OK ? keep_probes(c, e) : rc;
}

/* As in a run: what the suite names as a judge is not under test, unless --endpoint says so. */
static void choose_targets(struct checkup *c, const struct suite *suite)
{
    bool named = option_given(c->o, OPT_ENDPOINT);
    c->target = arena_array(&c->w->arena, c->endpoint_count + 1, sizeof(struct endpoint_config *));
    for (size_t i = 0; i < c->endpoint_count; i++) {
        if (named || !judge_is_named(suite, c->endpoint[i]->name))
            c->target[c->target_count++] = c->endpoint[i];
    }
}

static enum err check_suite(struct checkup *c, const char *argument, struct error *e)
{
    const char *path;
    struct suite suite = { 0 };
    struct error none;
    if (common_open_store(c->w, c->o, STORE_READ, &none) != OK)
        c->w->store = NULL; /* a first check has no store, and no earlier latencies */
    struct check_options options = { .settings = &c->w->settings,
                                     .accept_changed = option_given(c->o, OPT_ACCEPT_CHANGED),
                                     .strict_taxonomy = option_given(c->o, OPT_STRICT_TAXONOMY),
                                     .history = c->w->store,
                                     .report = take_finding,
                                     .context = c };
    if (dataset_options_map(c->o, &c->w->arena, &options.map, &options.map_count, e) != OK ||
        suite_file_find(argument, &c->w->arena, &path, e) != OK || suite_load(path, &c->w->arena, &suite, e) != OK)
        return e->code;
    c->suite_name = suite.name;
    choose_targets(c, &suite);
    options.endpoint = c->target;
    options.endpoint_count = c->target_count;
    enum err rc = engine_check(&suite, &options, &c->w->arena, &c->result, e);
    suite_release(&suite);
    return rc;
}

static enum err read_cards(struct checkup *c, struct error *e)
{
    const char *const dataset[2] = { c->result.opened ? c->result.source : NULL, c->result.opened ? c->result.name : NULL };
    c->cards = cJSON_CreateArray();
    return card_check(c->endpoint, c->endpoint_count, dataset, &c->w->arena, c->cards, e);
}

/* People read what ended the check on stderr; machines find it among the findings. */
static void write_text(struct checkup *c)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    probe_view_text(c->probes, &out);
    card_check_text(c->cards, &out);
    check_report_text(&c->report, option_given(c->o, OPT_VERBOSE), &out);
    check_summary_text(&c->result, c->target_count, &out);
    const int64_t *count = c->report.by_outcome;
    (void)strbuf_addf(&out, "%lld fatal, %lld rejected, %lld warnings", (long long)count[FINDING_FATAL], (long long)count[FINDING_REJECT],
                      (long long)count[FINDING_WARN]);
    if (count[FINDING_NOTE] > 0)
        (void)strbuf_addf(&out, ", %lld notes%s", (long long)count[FINDING_NOTE],
                          option_given(c->o, OPT_VERBOSE) ? "" : " (-v shows them)");
    (void)strbuf_addch(&out, '\n');
    terminal_write(out.buf, out.len);
}

static void write_json(struct checkup *c, const struct error *end)
{
    cJSON *document = output_document();
    if (end)
        tell(c, c->result.fatal_code ? c->result.fatal_code : "F0", FINDING_FATAL, "", end->msg);
    if (c->suite_name)
        json_member_text(document, "suite", c->suite_name);
    check_summary_json(&c->result, c->result.complete ? c->target_count : 0, document);
    check_report_json(&c->report, document);
    if (c->probes)
        cJSON_AddItemToObject(document, "probes", TAKE(c->probes));
    if (c->cards)
        cJSON_AddItemToObject(document, "cards", TAKE(c->cards));
    output_json(document);
}

/* An endpoint that cannot be reached is told by its own code, unless something worse was found. */
static enum exit_code code_of_findings(const struct checkup *c)
{
    int64_t bad = c->report.by_outcome[FINDING_FATAL] + c->report.by_outcome[FINDING_REJECT];
    if (bad == 0)
        return EXIT_OK;
    return bad == c->unreachable ? EXIT_UNREACHABLE : EXIT_USAGE;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    struct checkup c = { .w = &w, .o = o };
    bool verbose = option_given(o, OPT_VERBOSE);
    check_report_init(&c.report, verbose ? MAX_FINDINGS_SHOWN : EXAMPLES);

    enum err rc = common_load_settings(&w, o, o->argument_count > 0, &e);
    if (rc == OK)
        rc = choose_endpoints(&c, &e);
    if (rc == OK)
        check_endpoints(&c);
    if (rc == OK && option_given(o, OPT_PROBE))
        rc = probe(&c, &e);
    if (rc == OK && o->argument_count > 0)
        rc = check_suite(&c, o->argument[0], &e);
    if (rc == OK && option_given(o, OPT_CARD))
        rc = read_cards(&c, &e);

    enum exit_code code = rc != OK ? common_fail(&e) : code_of_findings(&c);
    if (option_given(o, OPT_JSON))
        write_json(&c, rc != OK ? &e : NULL);
    else if (rc == OK || c.report.count > 0)
        write_text(&c);
    cJSON_Delete(c.probes);
    cJSON_Delete(c.cards);
    check_report_release(&c.report);
    common_close(&w);
    return code;
}

const struct command cmd_check = {
    .name = "check",
    .arguments = "[SUITE]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_ENDPOINT, OPT_PROBE, OPT_CARD, OPT_MAP, OPT_ACCEPT_CHANGED, OPT_STRICT_TAXONOMY),
    .help = "check configuration, suite and every byte of the data; sends nothing without --probe",
    .manual =
        "Without SUITE the configuration alone. With it, every row is read, every image is looked at, the content hash is\n"
        "compared, and every request of the selection is measured against each endpoint's limits (-e: against these\n"
        "endpoints only). Findings come by problem, worst first, with their count and the first three; -v shows more of them, and notes;\n"
        "--json lists them. Cost and time are estimated per endpoint, as ranges. The hashes of content and sample set say whether "
        "two people have the same data.\n\n"
        "--card reads the cards of the endpoints' models on the Hub, at the declared revision: licence, base model, the results they\n"
        "publish and whether this suite can test them, and what they leave out. No endpoint is asked.\n\n"
        "--probe asks the Hub, the router and the servers what is served, and each endpoint up to four harmless questions with a "
        "small image;\n"
        "what came of it is kept as probe/ENDPOINT.json beside the store.\n\n"
        "Exit 2 when something would keep a sample from being sent; 3 when only endpoints were found that cannot be reached\n"
        "or refuse the key (--probe).\n",
    .run = run,
};
