/*
 * check: configuration, suite and data, before a request is sent. Sends nothing.
 */
#include "base/fs.h"
#include "base/log.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/dataset_options.h"
#include "cli/output.h"
#include "cli/suite_file.h"
#include "cli/terminal.h"
#include "config/suite.h"
#include "core/limits.h"
#include "dataset/content_hash.h"
#include "dataset/dataset.h"
#include "dataset/image.h"
#include "dataset/image_source.h"
#include "engine/suite_source.h"
#include "provider/provider.h"
#include "score/scorer.h"

#include <string.h>

/* What was found, as lines for people and members for machines. */
struct checkup {
    struct workspace *w;
    cJSON *document, *findings;
    const struct dataset_map *map;
    size_t map_count;
    struct strbuf text;
    int64_t fatal, rejected, warned, shown;
    int64_t samples, images, image_bytes, largest_body;
};

static void add_finding(struct checkup *c, const char *code, const char *outcome, const char *where, const char *message)
{
    bool bad = strcmp(outcome, "warn") != 0 && strcmp(outcome, "note") != 0;
    if (strcmp(outcome, "fatal") == 0)
        c->fatal++;
    else if (bad)
        c->rejected++;
    else
        c->warned++;

    cJSON *json = cJSON_CreateObject();
    output_add_text(json, "code", code);
    output_add_text(json, "outcome", outcome);
    output_add_text(json, "where", where);
    output_add_text(json, "message", message);
    if (cJSON_GetArraySize(c->findings) < 1000) /* a set that is wrong in every row says so in the counts */
        cJSON_AddItemToArray(c->findings, json);
    else
        cJSON_Delete(json);
    if (++c->shown > MAX_FINDINGS_SHOWN)
        return;
    (void)strbuf_addf(&c->text, "%-6s %-4s ", outcome, code);
    text_safe_terminal(where, strlen(where), 0, terminal_is_utf8(), &c->text);
    (void)strbuf_addstr(&c->text, where[0] ? ": " : "");
    (void)strbuf_addf(&c->text, "%s\n", message);
}

/* What ended the check: people read it on stderr, machines in the document. */
static void add_end(struct checkup *c, const struct error *e)
{
    size_t shown = c->text.len;
    add_finding(c, "F0", "fatal", "", e->msg);
    strbuf_truncate(&c->text, shown);
}

static void check_endpoints(struct checkup *c)
{
    const struct settings *s = &c->w->settings;
    for (size_t i = 0; i < s->endpoint_count; i++) {
        struct error e;
        const struct endpoint_config *endpoint = &s->endpoint[i];
        if (!provider_find(endpoint->protocol)) {
            (void)error_set(&e, ERR_INVALID, "%s:%d:%d: protocol '%s' is not one of this build's", s->path, endpoint->line,
                            endpoint->column, endpoint->protocol);
            add_finding(c, "E1", "fatal", endpoint->name, e.msg);
        }
        if (settings_require_key(s, endpoint, &e) != OK)
            add_finding(c, "E2", "fatal", endpoint->name, e.msg);
        if (endpoint->ca_file && !fs_exists(endpoint->ca_file))
            add_finding(c, "E3", "fatal", endpoint->name, "tls.ca_file is not there");
        if (!endpoint->tls_verify)
            add_finding(c, "E4", "warn", endpoint->name, "tls.verify is false: anybody on the way can answer in the model's place");
    }
    if (s->endpoint_count == 0)
        add_finding(c, "E0", "warn", s->path ? s->path : "configuration", "no endpoint is configured; only `run --sim` can work");
}

static void check_scorers(struct checkup *c, const struct suite *suite)
{
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    fs_dirname(suite->path, &folder);
    for (size_t i = 0; i < suite->scorer_count; i++) {
        struct error e;
        struct scorer *scorer = NULL;
        const struct suite_scorer *spec = &suite->scorer[i];
        if (scorer_new_in(folder.buf, spec->kind, spec->options, &scorer, &e) != OK) {
            (void)error_prefix(&e, "%s:%d:%d", suite->path, spec->line, spec->column);
            add_finding(c, "S0", "fatal", spec->kind, e.msg);
        }
        scorer_free(scorer);
    }
}

/* Reads the bytes, as a run would. */
static void check_image(struct checkup *c, struct dataset *d, const struct sample *sample, const struct sample_image *image,
                        int64_t *body_bytes)
{
    struct error e;
    struct image_bytes read;
    if (dataset_read_image(d, image, &read, &e) != OK) {
        add_finding(c, "S3", "reject", sample->id, e.msg);
        return;
    }
    struct image_info info = image_probe(read.bytes, read.len);
    const char *claimed = image_mime_of_name(image->name);
    CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
    (void)strbuf_addf(&message, "image '%s': ", image->name);
    if (info.problem) {
        (void)strbuf_addstr(&message, info.problem);
        add_finding(c, "S4", "reject", sample->id, message.buf);
    } else if (claimed && strcmp(claimed, info.mime) != 0) {
        (void)strbuf_addf(&message, "is %s by its bytes, whatever its name says; it is sent as that", info.mime);
        add_finding(c, "S5", "warn", sample->id, message.buf);
    }
    c->images++;
    c->image_bytes += (int64_t)read.len;
    *body_bytes += (int64_t)(read.len + 2) / 3 * 4 + 64;
    image_bytes_release(&read);
}

static void check_sample(struct checkup *c, struct dataset *d, const struct sample *sample)
{
    int64_t body_bytes = (int64_t)strlen(sample->prompt) + 512;
    for (size_t i = 0; i < sample->image_count; i++)
        check_image(c, d, sample, &sample->image[i], &body_bytes);
    if (body_bytes > c->largest_body)
        c->largest_body = body_bytes;
    c->samples++;

    for (size_t i = 0; i < c->w->settings.endpoint_count; i++) {
        const struct endpoint_config *endpoint = &c->w->settings.endpoint[i];
        uint64_t limit = endpoint->limits.max_request_bytes;
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        if (limit && (uint64_t)body_bytes > limit)
            (void)strbuf_addf(&message, "endpoint '%s' takes requests of %llu bytes, this one has about %lld: it would be skipped",
                              endpoint->name, (unsigned long long)limit, (long long)body_bytes);
        else if (endpoint->limits.max_images && sample->image_count > (size_t)endpoint->limits.max_images)
            (void)strbuf_addf(&message, "endpoint '%s' takes %d images, this sample has %zu: it would be skipped", endpoint->name,
                              endpoint->limits.max_images, sample->image_count);
        if (message.len)
            add_finding(c, "S9", "warn", sample->id, message.buf);
    }
}

static enum err check_content_hash(struct checkup *c, const struct dataset_source *source, const struct dataset_facts *facts,
                                   struct error *e)
{
    struct sha256_hex hash;
    enum err rc = dataset_content_sha256(source, &hash, e);
    if (rc != OK)
        return rc;
    output_add_text(c->document, "content_hash", hash.text);
    if (facts->content_hash[0] && strcmp(facts->content_hash, hash.text) != 0) {
        CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
        (void)strbuf_addf(&message, "content_hash is sha256:%s, dataset.yaml declares sha256:%s: the data changed", hash.text,
                          facts->content_hash);
        add_finding(c, "D4", "fatal", facts->name, message.buf);
    } else if (!facts->content_hash[0]) {
        (void)strbuf_addf(&c->text, "note   D4   no content_hash is declared; this set's is sha256:%s\n", hash.text);
    }
    return OK;
}

static enum err check_dataset(struct checkup *c, const struct suite *suite, struct error *e)
{
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    struct dataset_source source = suite_source(suite, c->map, c->map_count);
    if (dataset_open(&source, &d, e) != OK)
        return e->code;
    const struct dataset_facts *facts = dataset_facts(d);
    output_add_text(c->document, "dataset", facts->name);
    output_add_text(c->document, "dataset_version", facts->version);
    if (!facts->verified)
        add_finding(c, "D0", "warn", facts->name, "the mapping of this data set is marked as not verified");

    for (;;) {
        enum dataset_event event;
        struct sample sample;
        struct finding finding;
        enum err rc = dataset_next(d, &event, &sample, &finding, e);
        if (rc != OK)
            return rc;
        if (event == DATASET_END)
            break;
        if (event == DATASET_SAMPLE) {
            check_sample(c, d, &sample);
        } else {
            CLEANUP(strbuf_release) struct strbuf where = STRBUF_INIT;
            (void)strbuf_addf(&where, "%s:%lld", finding.file ? finding.file : "", (long long)finding.line);
            add_finding(c, finding.code, finding.outcome == FINDING_REJECT ? "reject" : "warn", where.buf, finding.message);
        }
    }
    if (dataset_check_counts(d, e) != OK)
        add_finding(c, "D5", "fatal", facts->name, e->msg);
    return c->rejected ? OK : check_content_hash(c, &source, facts, e);
}

static void add_summary(struct checkup *c)
{
    if (c->shown > MAX_FINDINGS_SHOWN)
        (void)strbuf_addf(&c->text, "… and %lld more; --json lists them\n", (long long)(c->shown - MAX_FINDINGS_SHOWN));
    if (c->samples > 0) {
        units_format_count(c->samples, &c->text);
        (void)strbuf_addstr(&c->text, " samples, ");
        units_format_count(c->images, &c->text);
        (void)strbuf_addstr(&c->text, " images of ");
        units_format_size((uint64_t)c->image_bytes, &c->text);
        (void)strbuf_addstr(&c->text, ", largest request about ");
        units_format_size((uint64_t)c->largest_body, &c->text);
        (void)strbuf_addch(&c->text, '\n');
    }
    (void)strbuf_addf(&c->text, "%lld fatal, %lld rejected, %lld warnings\n", (long long)c->fatal, (long long)c->rejected,
                      (long long)c->warned);
    (void)cJSON_AddNumberToObject(c->document, "samples", (double)c->samples);
    (void)cJSON_AddNumberToObject(c->document, "images", (double)c->images);
    (void)cJSON_AddNumberToObject(c->document, "fatal", (double)c->fatal);
    (void)cJSON_AddNumberToObject(c->document, "rejected", (double)c->rejected);
    (void)cJSON_AddNumberToObject(c->document, "warnings", (double)c->warned);
}

static enum err check_suite(struct checkup *c, const char *argument, struct error *e)
{
    const char *path;
    struct suite suite = { 0 };
    if (suite_file_find(argument, &c->w->arena, &path, e) != OK || suite_load(path, &c->w->arena, &suite, e) != OK)
        return e->code;
    output_add_text(c->document, "suite", suite.name);
    check_scorers(c, &suite);
    enum err rc = check_dataset(c, &suite, e);
    suite_release(&suite);
    return rc;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    struct checkup c = { .w = &w, .document = output_document(), .text = STRBUF_INIT };
    c.findings = cJSON_AddArrayToObject(c.document, "findings");

    enum err rc = dataset_options_map(o, &w.arena, &c.map, &c.map_count, &e);
    if (rc == OK)
        rc = common_load_settings(&w, o, o->argument_count > 0, &e);
    if (rc == OK)
        check_endpoints(&c);
    if (rc == OK && o->argument_count > 0)
        rc = check_suite(&c, o->argument[0], &e);

    bool json = option_given(o, OPT_JSON), told = rc == OK || c.shown > 0;
    if (rc != OK)
        add_end(&c, &e);
    enum exit_code code = rc != OK ? common_fail(&e) : c.fatal || c.rejected ? EXIT_USAGE : EXIT_OK;
    add_summary(&c);
    if (!json && told)
        terminal_write(c.text.buf, c.text.len);
    if (json)
        output_json(c.document);
    else
        cJSON_Delete(c.document);
    strbuf_release(&c.text);
    common_close(&w);
    return code;
}

const struct command cmd_check = {
    .name = "check",
    .arguments = "[SUITE]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_BIT(MAP),
    .help = "check configuration, suite and every byte of the data; sends nothing",
    .manual = "Without SUITE the configuration alone. With it, every row is read, every image is looked at, the content hash is\n"
              "compared, and sizes are held against each endpoint's limits. Exit 2 when something would keep a sample from being\n"
              "sent.\n",
    .run = run,
};
