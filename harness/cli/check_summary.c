#include "cli/check_summary.h"

#include "base/text_safe.h"
#include "base/units.h"
#include "cli/output.h"
#include "cli/terminal.h"

#include <string.h>

static void add_count(struct strbuf *out, int64_t count, const char *what)
{
    units_format_count(count, out);
    (void)strbuf_addf(out, " %s%s", what, count == 1 ? "" : "s");
}

static void add_kinds(struct strbuf *out, int64_t categories, int64_t subcategories)
{
    units_format_count(categories, out);
    (void)strbuf_addstr(out, categories == 1 ? " category, " : " categories, ");
    units_format_count(subcategories, out);
    (void)strbuf_addstr(out, subcategories == 1 ? " subcategory" : " subcategories");
}

static void add_set(const struct check_result *r, struct strbuf *out)
{
    const struct preflight_summary *set = &r->set;
    (void)strbuf_addstr(out, "data set    ");
    text_safe_terminal(r->name, strlen(r->name), 0, terminal_is_utf8(), out);
    (void)strbuf_addch(out, ' ');
    text_safe_terminal(r->version, strlen(r->version), 40, terminal_is_utf8(), out);
    (void)strbuf_addstr(out, ": ");
    add_count(out, set->samples, "sample");
    if (set->benign > 0) {
        (void)strbuf_addstr(out, " (");
        units_format_count(set->benign, out);
        (void)strbuf_addstr(out, " benign)");
    }
    (void)strbuf_addstr(out, ", ");
    add_count(out, set->intents, "intent");
    (void)strbuf_addstr(out, ", ");
    add_kinds(out, set->categories, set->subcategories);
    (void)strbuf_addstr(out, ", ");
    add_count(out, set->attacks, "attack");
    (void)strbuf_addstr(out, "\nimages      ");
    if (set->images > 0) {
        units_format_count(set->images, out);
        (void)strbuf_addstr(out, " that can be sent, ");
        units_format_size((uint64_t)set->image_bytes, out);
        (void)strbuf_addstr(out, "; ");
        units_format_count(set->distinct_images, out);
        (void)strbuf_addstr(out, " by name");
    } else {
        (void)strbuf_addstr(out, "none");
    }
    if (set->twin_groups + set->orphan_groups > 0) {
        (void)strbuf_addstr(out, "\ntwins       ");
        add_count(out, set->twin_groups, "complete group");
        (void)strbuf_addf(out, ", %lld without a partner", (long long)set->orphan_groups);
    }
    (void)strbuf_addch(out, '\n');
}

static void add_identity(const struct check_result *r, struct strbuf *out)
{
    const char *judged = !r->declared_hash[0]                                        ? "not declared"
                         : strcmp(r->declared_hash, r->set.content_sha256.text) == 0 ? "as declared"
                                                                                     : "NOT as declared";
    (void)strbuf_addf(out, "content     sha256:%s, %s\n", r->set.content_sha256.text, judged);
    (void)strbuf_addstr(out, "selected    ");
    units_format_count(r->selection.samples, out);
    (void)strbuf_addch(out, '/');
    units_format_count(r->set.samples, out);
    (void)strbuf_addstr(out, " samples of ");
    add_count(out, r->selection.intents, "intent");
    (void)strbuf_addstr(out, ", ");
    add_kinds(out, r->selection.categories, r->selection.subcategories);
    if (r->sample_set_sha256[0])
        (void)strbuf_addf(out, "\nsample set  sha256:%s\n", r->sample_set_sha256);
    else
        (void)strbuf_addstr(out, "\nsample set  not settled while samples are rejected\n");
}

static void add_endpoints(const struct check_result *r, size_t count, struct strbuf *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct check_endpoint *x = &r->endpoint[i];
        (void)strbuf_addf(out, "endpoint    %s: largest request ", x->config->name);
        units_format_size((uint64_t)x->largest_bytes, out);
        if (x->config->limits.max_request_bytes > 0) {
            (void)strbuf_addstr(out, " of ");
            units_format_size(x->config->limits.max_request_bytes, out);
        } else {
            (void)strbuf_addstr(out, ", no limit known");
        }
        if (x->skipped > 0)
            (void)strbuf_addf(out, "; %lld samples would be skipped", (long long)x->skipped);
        (void)strbuf_addch(out, '\n');
    }
}

void check_summary_text(const struct check_result *r, size_t endpoint_count, struct strbuf *out)
{
    if (!r->complete)
        return;
    add_set(r, out);
    add_identity(r, out);
    add_endpoints(r, endpoint_count, out);
}

static void add_number(cJSON *object, const char *key, bool known, int64_t value)
{
    if (known)
        (void)cJSON_AddNumberToObject(object, key, (double)value);
    else
        (void)cJSON_AddNullToObject(object, key);
}

static cJSON *endpoint_json(const struct check_endpoint *x)
{
    cJSON *json = cJSON_CreateObject();
    output_add_text(json, "name", x->config->name);
    add_number(json, "largest_request_bytes", x->largest_bytes > 0, x->largest_bytes);
    output_add_text(json, "largest_sample", x->largest_id[0] ? x->largest_id : NULL);
    add_number(json, "max_request_bytes", x->config->limits.max_request_bytes > 0, (int64_t)x->config->limits.max_request_bytes);
    add_number(json, "skipped", true, x->skipped);
    return json;
}

void check_summary_json(const struct check_result *r, size_t endpoint_count, cJSON *document)
{
    const struct preflight_summary *set = &r->set;
    if (r->opened) {
        output_add_text(document, "dataset", r->name);
        output_add_text(document, "dataset_version", r->version);
        output_add_text(document, "content_hash_declared", r->declared_hash[0] ? r->declared_hash : NULL);
    }
    add_number(document, "samples", true, set->samples);
    add_number(document, "images", true, set->images);
    if (!r->complete)
        return;
    output_add_text(document, "content_hash", set->content_sha256.text);
    output_add_text(document, "sample_set_sha256", r->sample_set_sha256[0] ? r->sample_set_sha256 : NULL);
    add_number(document, "rejected_samples", true, set->rejected + r->unscorable);
    add_number(document, "benign", true, set->benign);
    add_number(document, "intents", true, set->intents);
    add_number(document, "categories", true, set->categories);
    add_number(document, "subcategories", true, set->subcategories);
    add_number(document, "attacks", true, set->attacks);
    add_number(document, "distinct_images", true, set->distinct_images);
    add_number(document, "image_bytes", true, set->image_bytes);
    add_number(document, "twin_groups", true, set->twin_groups);
    add_number(document, "orphan_groups", true, set->orphan_groups);
    cJSON *selected = cJSON_AddObjectToObject(document, "selected");
    add_number(selected, "samples", true, r->selection.samples);
    add_number(selected, "intents", true, r->selection.intents);
    add_number(selected, "categories", true, r->selection.categories);
    add_number(selected, "subcategories", true, r->selection.subcategories);
    cJSON *endpoints = cJSON_AddArrayToObject(document, "endpoints");
    for (size_t i = 0; i < endpoint_count; i++)
        cJSON_AddItemToArray(endpoints, endpoint_json(&r->endpoint[i]));
}
