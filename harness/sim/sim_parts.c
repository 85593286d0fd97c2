#include "sim/sim_parts.h"

#include "base/base64.h"
#include "core/limits.h"
#include "dataset/image.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool sim_complain(struct sim_complaint *c, const char *param, const char *format, ...)
{
    va_list args;
    c->param = param;
    va_start(args, format);
    (void)vsnprintf(c->message, sizeof(c->message), format, args);
    va_end(args);
    return false;
}

bool sim_check_numbers(const cJSON *object, const struct sim_number_rule *rule, size_t count, struct sim_complaint *c)
{
    for (; count > 0; rule++, count--) {
        const cJSON *item = json_get(object, rule->key);
        if (!item)
            continue;
        double v = item->valuedouble;
        if (!cJSON_IsNumber(item) || !(v >= rule->min && v <= rule->max) || (rule->whole && v != floor(v)))
            return sim_complain(c, rule->key, "'%s' must be %s from %g to %g", rule->key, rule->whole ? "a whole number" : "a number",
                                rule->min, rule->max);
    }
    return true;
}

bool sim_check_strings(const cJSON *list, const char *key, int max, struct sim_complaint *c)
{
    const cJSON *item;
    if (!list)
        return true;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > max)
        return sim_complain(c, key, "'%s' must be a list of at most %d strings", key, max);
    cJSON_ArrayForEach(item, list) if (!cJSON_IsString(item)) return sim_complain(c, key, "'%s' must hold strings only", key);
    return true;
}

cJSON *sim_parse_object(const char *body, size_t len, struct sim_complaint *c)
{
    struct error e = { 0 };
    cJSON *root = json_parse(body, len, &e);
    *c = (struct sim_complaint){ 0 };
    if (cJSON_IsObject(root))
        return root;
    (void)(root ? sim_complain(c, NULL, "the body must be a JSON object") : sim_complain(c, NULL, "the body is not valid JSON: %s", e.msg));
    cJSON_Delete(root);
    return NULL;
}

const char *sim_read_model(const cJSON *root, struct arena *a, struct sim_complaint *c)
{
    const char *model = json_string(root, "model");
    if (!model || !*model)
        (void)sim_complain(c, "model", "you must provide a model parameter");
    else if (strlen(model) > MAX_ID_BYTES)
        (void)sim_complain(c, "model", "the model's name is too long");
    else
        return arena_strdup(a, model);
    return NULL;
}

void sim_message_release(struct sim_message *m)
{
    strbuf_release(&m->text);
}

void sim_message_clear(struct sim_message *m)
{
    strbuf_clear(&m->text);
    m->image_count = 0;
}

static bool read_image(const char *base64, const char *mime, const char *key, struct sim_image *ret_image, struct sim_complaint *c)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    if (base64_decode(base64, strlen(base64), &bytes, NULL) != OK || bytes.overflow)
        return sim_complain(c, "messages", "%s holds invalid base64", key);
    if (bytes.len == 0)
        return sim_complain(c, "messages", "%s holds an empty image", key);
    struct image_info info = image_probe((const unsigned char *)bytes.buf, bytes.len);
    if (mime && (!info.mime || strcmp(info.mime, mime) != 0))
        return sim_complain(c, "messages", "%s holds an image that is not %.32s", key, mime);
    *ret_image = (struct sim_image){ .sha256 = sha256_of(bytes.buf, bytes.len), .bytes = bytes.len };
    if (info.mime) {
        ret_image->width = info.width;
        ret_image->height = info.height;
    }
    return true;
}

bool sim_message_add_image(struct sim_message *m, const char *base64, const char *mime, const char *key, struct arena *a,
                           struct sim_complaint *c)
{
    if (m->image_count == MAX_IMAGES)
        return sim_complain(c, "messages", "more than %d images", MAX_IMAGES);
    if (!m->image)
        m->image = arena_array(a, MAX_IMAGES, sizeof(*m->image));
    return read_image(base64, mime, key, &m->image[m->image_count++], c);
}

void sim_message_keep(const struct sim_message *m, struct arena *a, struct sim_request *r)
{
    r->prompt = arena_strndup(a, m->text.buf, m->text.len);
    r->prompt_len = m->text.len;
    struct sim_image *image = arena_array(a, m->image_count, sizeof(*image));
    if (m->image_count)
        memcpy(image, m->image, m->image_count * sizeof(*image));
    r->image = image;
    r->image_count = m->image_count;
}
