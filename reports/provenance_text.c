#include "reports/provenance_text.h"

#include "base/units.h"
#include "reports/figures.h"

static const cJSON *group(const cJSON *endpoint, const char *name)
{
    return json_object(json_object(endpoint, "provenance"), name);
}

static void add(struct strbuf *out, const char *label, const char *text)
{
    if (text && text[0])
        (void)strbuf_addf(out, "%s%s%s", out->len ? ", " : "", label, text);
}

static void add_amount(struct strbuf *out, const char *label, const cJSON *from, const char *key)
{
    double value;
    if (json_number(from, key, &value))
        (void)strbuf_addf(out, "%s%s%.12g", out->len ? ", " : "", label, value);
}

void provenance_hub(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *format, *hub = group(endpoint, "hub");
    const char *before = "files ";
    add(out, "", json_string(hub, "organisation"));
    add(out, "licence ", json_string(hub, "licence"));
    add(out, "gated ", json_string(hub, "gated"));
    add(out, "changed ", json_string(hub, "last_modified"));
    cJSON_ArrayForEach(format, json_array(hub, "formats"))
    {
        if (!cJSON_IsString(format))
            continue;
        (void)strbuf_addf(out, "%s%s", out->len && before[0] == 'f' ? ", " : "", before);
        (void)strbuf_addstr(out, format->valuestring);
        before = " and ";
    }
}

void provenance_route(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *router = group(endpoint, "router"), *image = json_get(router, "image_input");
    add(out, "", json_string(router, "status"));
    add(out, "serves ", json_string(group(endpoint, "mapping"), "provider_id"));
    add(out, "mapping ", json_string(group(endpoint, "mapping"), "status"));
    add_amount(out, "context ", router, "context_length");
    add_amount(out, "USD per million tokens in ", router, "price_input");
    add_amount(out, "out ", router, "price_output");
    if (image)
        add(out, "", cJSON_IsTrue(image) ? "images listed" : "images not listed");
}

void provenance_server(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *server = group(endpoint, "server");
    add(out, "", json_string(server, "kind"));
    add(out, "version ", json_string(server, "version"));
    add(out, "model ", json_string(server, "model"));
    add_amount(out, "context ", server, "context_length");
}

static void add_count(struct strbuf *out, const char *before, const cJSON *from, const char *key, const char *after)
{
    int64_t count;
    if (!json_int(from, key, &count) || count < 0)
        return;
    (void)strbuf_addf(out, "%s%s", out->len ? ", " : "", before);
    units_format_count(count, out);
    (void)strbuf_addstr(out, after);
}

void provenance_concurrency(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *limits = json_object(endpoint, "limits");
    add(out, "", json_string(limits, "max_in_flight")); /* auto */
    add_count(out, "up to ", limits, "max_in_flight", "");
    add_count(out, "most at once ", endpoint, "in_flight_peak", "");
    add_count(out, "", limits, "requests_per_minute", " requests a minute");
    add_count(out, "", limits, "tokens_per_minute", " tokens a minute");
}

static void add_duration(struct strbuf *out, const char *before, const cJSON *from, const char *key, const char *after)
{
    int64_t us;
    if (!json_int(from, key, &us) || us <= 0)
        return;
    (void)strbuf_addf(out, "%s%s", out->len ? ", " : "", before);
    units_format_duration(us, out);
    (void)strbuf_addstr(out, after);
}

void provenance_retries(const cJSON *endpoint, struct strbuf *out)
{
    const cJSON *limits = json_object(endpoint, "limits");
    add_count(out, "up to ", limits, "attempts", figures_count(limits, "attempts") == 1 ? " attempt" : " attempts");
    add_duration(out, "", limits, "timeout_us", " for each");
    add_duration(out, "", limits, "trial_timeout_us", " for all of a trial");
}

void provenance_dispatch(const cJSON *run, struct strbuf *out)
{
    const cJSON *dispatch = json_object(run, "dispatch");
    add_count(out, "", dispatch, "io_threads", figures_count(dispatch, "io_threads") == 1 ? " I/O thread" : " I/O threads");
    add_count(out, "up to ", dispatch, "max_in_flight", " requests at once over all endpoints");
}

void provenance_selected(const cJSON *run, struct strbuf *out)
{
    const cJSON *dataset = json_object(run, "dataset");
    int64_t samples = figures_count(dataset, "samples"), available, selected;
    units_format_count(samples, out);
    if (json_int(dataset, "available", &available)) {
        (void)strbuf_addstr(out, " of ");
        units_format_count(available, out);
    }
    (void)strbuf_addstr(out, " samples");
    if (json_int(dataset, "selected", &selected) && selected != samples && selected != available) {
        (void)strbuf_addstr(out, ", drawn from ");
        units_format_count(selected, out);
        (void)strbuf_addstr(out, " that suite and command line name");
    }
}
