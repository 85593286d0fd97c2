#include "engine/request.h"

#include "base/rng.h"
#include "dataset/image.h"
#include "engine/spending.h"

#include <string.h>

static bool skip(struct trial *t, const char *reason, const char *explanation)
{
    t->decision = (struct trial_decision){ .event = TRIAL_EV_FINAL, .status = TRIAL_SKIPPED, .reason = reason };
    t->explanation = explanation;
    return false;
}

/* Reads image i, keeps what it turned out to be, and fills the provider's view of it. */
static bool load_image(struct trial *t, size_t i, struct image_source *images, struct chat_image *ret_image)
{
    const struct sample_image *image = &t->pending->sample.image[i];
    struct error e;
    if (image_source_read(images, image->name, &t->image[i], &e) != OK) {
        const char *reason = e.code == ERR_NOT_FOUND ? "image_missing" : e.code == ERR_LIMIT ? "too_large" : "image_unreadable";
        return skip(t, reason, arena_strdup(&t->arena, e.msg));
    }
    t->image_count = i + 1;

    const struct image_bytes *read = &t->image[i];
    struct image_info info = image_probe(read->bytes, read->len);
    if (info.problem)
        return skip(t, "not_an_image", arena_printf(&t->arena, "image '%s': %s", image->name, info.problem));

    const struct endpoint_config *endpoint = t->lane->config;
    if (!endpoint_takes_image(&endpoint->limits, info.mime))
        return skip(t, "image_format",
                    arena_printf(&t->arena, "image '%s' is %s, which endpoint '%s' does not take", image->name, info.mime, endpoint->name));

    char *label = arena_alloc(&t->arena, sizeof("sha256:") + SHA256_HEX);
    struct sha256_hex sha = image_source_sha256(images, read);
    (void)snprintf(label, sizeof("sha256:") + SHA256_HEX, "sha256:%s", sha.text);

    const char *known = t->pending->image_sha256 ? t->pending->image_sha256[i] : NULL;
    if (known && strcmp(known, sha.text) != 0)
        return skip(t, "image_changed",
                    arena_printf(&t->arena, "image '%s' is not the file that this store recorded for the data set (now %.12s, then %.12s)",
                                 image->name, sha.text, known));
    if (!known)
        t->seen[t->seen_count++] = (struct image_seen){
            .sample_id = t->pending->sample_id,
            .position = (int)i,
            .mime = info.mime,
            .bytes = (int64_t)read->len,
            .width = info.width,
            .height = info.height,
            .sha256 = label + 7,
        };
    t->prompt = token_range_sum(t->prompt, tokens_of_image(endpoint->model, info.width, info.height));
    *ret_image = (struct chat_image){ .mime = info.mime, .bytes = read->bytes, .len = read->len, .label = label };
    return true;
}

/* A copy of the provider's headers with one more place, for the trace id. */
static void leave_room_for_trace(struct trial *t)
{
    size_t count = t->request.header_count;
    struct http_header *header = arena_array(&t->arena, count + 1, sizeof(*header));
    memcpy(header, t->request.header, count * sizeof(*header));
    header[count] = (struct http_header){ "X-Amzn-Trace-Id", t->trace_id };
    t->request.header = header;
    t->request.header_count = count + 1;
}

void request_seal(struct trial *t)
{
    CLEANUP(strbuf_release) struct strbuf elided = STRBUF_INIT;
    t->request_bytes = (int64_t)http_request_body_len(&t->request);
    http_request_elided(&t->request, &elided);
    t->request_sha256 = sha256_of(elided.buf, elided.len);
    leave_room_for_trace(t);
}

bool request_load_images(struct trial *t, struct image_source *images, struct chat_image *ret_image)
{
    const struct sample *sample = &t->pending->sample;
    t->image = arena_array(&t->arena, sample->image_count, sizeof(*t->image));
    t->seen = arena_array(&t->arena, sample->image_count, sizeof(*t->seen));
    for (size_t i = 0; i < sample->image_count; i++) {
        if (!load_image(t, i, images, &ret_image[i]))
            return false;
    }
    return true;
}

bool request_prepare(struct trial *t, const struct request_style *style, struct image_source *images)
{
    const struct sample *sample = &t->pending->sample;
    const struct endpoint_limits *limits = &t->lane->config->limits;
    if (limits->max_images > 0 && sample->image_count > (size_t)limits->max_images)
        return skip(t, "too_many_images",
                    arena_printf(&t->arena, "%zu images, and endpoint '%s' takes %d", sample->image_count, t->lane->config->name,
                                 limits->max_images));

    struct chat_image *image = arena_array(&t->arena, sample->image_count, sizeof(*image));
    t->prompt = spending_texts(style->system, sample->prompt);
    if (!request_load_images(t, images, image))
        return false;

    struct chat_request chat = {
        .system = style->system,
        .prompt = sample->prompt,
        .image = image,
        .image_count = sample->image_count,
        .text_first = style->text_first,
    };
    struct error e;
    if (t->lane->provider->build(&t->lane->target, &chat, &t->arena, &t->request, &e) != OK)
        return skip(t, "unsupported_sample", arena_strdup(&t->arena, e.msg));

    request_seal(t);
    if (limits->max_request_bytes > 0 && (uint64_t)t->request_bytes > limits->max_request_bytes)
        return skip(t, "too_large",
                    arena_printf(&t->arena, "a request of %lld bytes, and endpoint '%s' takes %llu", (long long)t->request_bytes,
                                 t->lane->config->name, (unsigned long long)limits->max_request_bytes));
    return true;
}

void request_renew_trace(struct trial *t, struct trace_source *source)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char r[16];
    if (source->left < sizeof(r)) {
        rng_system(source->bytes, sizeof(source->bytes));
        source->left = sizeof(source->bytes);
    }
    source->left -= sizeof(r);
    memcpy(r, source->bytes + source->left, sizeof(r));
    r[6] = (unsigned char)((r[6] & 0x0f) | 0x40); /* RFC 4122: version 4, variant 1 */
    r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);

    char *p = t->trace_id;
    for (size_t i = 0; i < sizeof(r); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = hex[r[i] >> 4];
        *p++ = hex[r[i] & 15];
    }
    *p = '\0';
}
