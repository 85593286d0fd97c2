#include "cli/probe_view.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "cli/terminal.h"

#include <string.h>

enum { MAX_VALUE = 200 };

static void add_safe(const char *text, struct strbuf *out)
{
    text_safe_terminal(text, strlen(text), MAX_VALUE, terminal_is_utf8(), out);
}

static void add_label(const char *label, struct strbuf *out)
{
    (void)strbuf_addf(out, "  %-17s", label);
}

static void add_word(const char *label, const char *value, struct strbuf *out)
{
    if (!value || !value[0])
        return;
    add_label(label, out);
    add_safe(value, out);
    (void)strbuf_addch(out, '\n');
}

static void add_number(const char *label, const cJSON *from, const char *key, double scale, const char *unit, struct strbuf *out)
{
    double value;
    if (!json_number(from, key, &value))
        return;
    add_label(label, out);
    (void)strbuf_addf(out, "%.6g%s\n", value * scale, unit);
}

static void add_server(const cJSON *server, struct strbuf *out)
{
    const char *kind = json_string(server, "kind"), *version = json_string(server, "version");
    if (!kind && !version)
        return;
    add_label("server", out);
    add_safe(kind ? kind : "unknown", out);
    if (version) {
        (void)strbuf_addch(out, ' ');
        add_safe(version, out);
    }
    (void)strbuf_addch(out, '\n');
}

static void add_price(const cJSON *router, struct strbuf *out)
{
    double input, output;
    if (!json_number(router, "price_input", &input) || !json_number(router, "price_output", &output))
        return;
    add_label("price", out);
    (void)strbuf_addf(out, "%.6g in, %.6g out, USD per million tokens\n", input, output);
}

/* Router first, as a server behind it is not asked. */
static void add_reach(const cJSON *router, const cJSON *server, struct strbuf *out)
{
    const cJSON *image = json_get(router, "image_input");
    if (!cJSON_IsBool(image))
        image = json_get(server, "vision");
    add_number("context", json_get(router, "context_length") ? router : server, "context_length", 1, " tokens", out);
    if (cJSON_IsBool(image))
        add_word("image input", cJSON_IsTrue(image) ? "listed" : "not listed", out);
}

/* The ids by which a provider finds a request again: x-request-id, x-amzn-requestid, x-amzn-trace-id, cf-ray, … */
static bool names_request(const char *name)
{
    static const char *const part[] = { "request-id", "requestid", "trace-id", "cf-ray" };
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        if (strstr(name, part[i]))
            return true;
    }
    return false;
}

static void add_request_ids(const cJSON *headers, struct strbuf *out)
{
    bool first = true;
    const cJSON *header;
    cJSON_ArrayForEach(header, headers)
    {
        const char *name = json_string(header, "name");
        if (!name || !names_request(name))
            continue;
        if (first)
            add_label("request ids in", out);
        else
            (void)strbuf_addstr(out, ", ");
        add_safe(name, out);
        first = false;
    }
    if (!first)
        (void)strbuf_addch(out, '\n');
}

static void add_chat(const cJSON *chat, struct strbuf *out)
{
    double status;
    if (!chat)
        return;
    if (json_string(chat, "error"))
        add_word("error", json_string(chat, "error"), out);
    if (json_number(chat, "status", &status)) {
        add_label("status", out);
        (void)strbuf_addf(out, "%.0f\n", status);
    }
    add_word("provider echo", json_string(chat, "provider"), out);
    add_word("model echo", json_string(chat, "model"), out);
    add_word("fingerprint", json_string(chat, "fingerprint"), out);
    add_request_ids(json_array(chat, "headers"), out);
    add_number("latency", chat, "latency_us", 1e-3, " ms", out);
}

static void add_learned(const char *label, const cJSON *learned, const char *key, const char *yes, const char *no, struct strbuf *out)
{
    const cJSON *value = json_get(learned, key);
    if (cJSON_IsBool(value))
        add_word(label, cJSON_IsTrue(value) ? yes : no, out);
}

void probe_view_text(const cJSON *probes, struct strbuf *out)
{
    const cJSON *probe;
    cJSON_ArrayForEach(probe, probes)
    {
        const cJSON *facts = json_object(probe, "facts");
        const cJSON *router = json_object(facts, "router"), *server = json_object(facts, "server");
        const char *name = json_string(probe, "endpoint"), *at = json_string(probe, "at");
        add_safe(name ? name : "", out);
        (void)strbuf_addf(out, ", asked at %s\n", at ? at : "an unknown time");
        add_word("evidence", json_string(probe, "evidence"), out);
        add_word("revision", json_string(probe, "observed"), out);
        add_server(server, out);
        add_price(router, out);
        add_reach(router, server, out);
        add_chat(json_object(probe, "chat"), out);
        const cJSON *learned = json_object(probe, "learned");
        add_learned("image tokens", learned, "image_tokens_vary", "follow the size", "the same for 32 and 512 pixels", out);
        add_learned("JSON schema", learned, "structured_output_kept", "kept to", "not kept to", out);
        add_learned("no such provider", learned, "unknown_provider_refused", "refused", "accepted", out);
        (void)strbuf_addch(out, '\n');
    }
}
