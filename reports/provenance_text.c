#include "reports/provenance_text.h"

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
