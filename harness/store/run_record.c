#include "store/run_record.h"

#include "base/json.h"
#include "base/json_member.h"
#include "store/reader.h"
#include "store/writer.h"

#include <string.h>

#define SESSION "session"
#define SELECTION "selection"
#define AT_ONCE "at_once"

static enum err write(struct store *s, const char *run_id, int64_t at, const char *kind, const char *message, const cJSON *detail,
                      struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, detail);
    return store_event(s, run_id, at, "info", kind, message, text.buf, e);
}

enum err store_record_session(struct store *s, const char *run_id, const struct session_record *r, struct error *e)
{
    CLEANUP(json_freep) cJSON *detail = cJSON_CreateObject();
    json_member_text(detail, "version", r->version);
    json_member_text(detail, "commit", r->commit);
    json_member_text(detail, "system", r->system);
    json_member_int(detail, "io_threads", true, r->io_threads);
    json_member_int(detail, "max_in_flight", true, r->max_in_flight);
    return write(s, run_id, r->at, SESSION, r->command, detail, e);
}

enum err store_record_selection(struct store *s, const char *run_id, int64_t at, int64_t available, int64_t selected, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *detail = cJSON_CreateObject();
    json_member_int(detail, "available", true, available);
    json_member_int(detail, "selected", true, selected);
    (void)strbuf_addf(&message, "the data set has %lld samples; %lld of them are named", (long long)available, (long long)selected);
    return write(s, run_id, at, SELECTION, message.buf, detail, e);
}

enum err store_record_at_once(struct store *s, const char *run_id, int64_t at, const struct at_once *peak, size_t count, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf message = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *detail = cJSON_CreateObject();
    (void)strbuf_addstr(&message, "most requests at once: ");
    for (size_t i = 0; i < count; i++) {
        json_member_int(detail, peak[i].endpoint, true, peak[i].peak);
        (void)strbuf_addf(&message, "%s%s %lld", i ? ", " : "", peak[i].endpoint, (long long)peak[i].peak);
    }
    return write(s, run_id, at, AT_ONCE, message.buf, detail, e);
}

static int small_int(const cJSON *detail, const char *key)
{
    int64_t value;
    return json_int(detail, key, &value) && value > 0 && value <= INT32_MAX ? (int)value : 0;
}

static void read_session(const struct event_row *event, const cJSON *detail, struct arena *a, struct session_record *r)
{
    const char *version = json_string(detail, "version"), *commit = json_string(detail, "commit"), *system = json_string(detail, "system");
    *r = (struct session_record){
        .at = event->at,
        .command = event->message,
        .version = version ? arena_strdup(a, version) : NULL,
        .commit = commit ? arena_strdup(a, commit) : NULL,
        .system = system ? arena_strdup(a, system) : NULL,
        .io_threads = small_int(detail, "io_threads"),
        .max_in_flight = small_int(detail, "max_in_flight"),
    };
}

static void read_selection(const cJSON *detail, struct run_record *r)
{
    int64_t available, selected;
    if (json_int(detail, "available", &available) && available >= 0)
        r->available = available;
    if (json_int(detail, "selected", &selected) && selected >= 0)
        r->selected = selected;
}

/* The most of all sessions. */
static void read_at_once(const cJSON *detail, struct arena *a, struct run_record *r)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, detail)
    {
        int64_t peak;
        if (!member->string || !json_int(detail, member->string, &peak) || peak < 0)
            continue;
        size_t i = 0;
        while (i < r->at_once_count && strcmp(r->at_once[i].endpoint, member->string) != 0)
            i++;
        if (i == r->at_once_count) {
            struct at_once *more = arena_array(a, i + 1, sizeof(*more));
            for (size_t k = 0; k < i; k++)
                more[k] = r->at_once[k];
            more[i] = (struct at_once){ arena_strdup(a, member->string), peak };
            r->at_once = more;
            r->at_once_count++;
        }
        r->at_once[i].peak = peak > r->at_once[i].peak ? peak : r->at_once[i].peak;
    }
}

static cJSON *detail_of(const struct event_row *event)
{
    return event->detail_json ? json_parse(event->detail_json, strlen(event->detail_json), NULL) : NULL;
}

enum err store_record_read(struct store *s, const char *run_id, struct arena *a, struct run_record *ret_r, struct error *e)
{
    struct run_record r = { .available = -1, .selected = -1 };
    struct event_row *event;
    size_t count;
    if (store_event_of_kind(s, run_id, SESSION, MAX_SESSIONS_READ, a, &event, &count, &r.sessions, e) != OK)
        return e->code;
    r.session = arena_array(a, count + 1, sizeof(*r.session));
    for (size_t i = 0; i < count; i++) {
        CLEANUP(json_freep) cJSON *detail = detail_of(&event[i]);
        read_session(&event[i], detail, a, &r.session[r.session_count++]);
    }
    int64_t ignored;
    if (store_event_of_kind(s, run_id, SELECTION, 1, a, &event, &count, &ignored, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        CLEANUP(json_freep) cJSON *detail = detail_of(&event[i]);
        read_selection(detail, &r);
    }
    if (store_event_of_kind(s, run_id, AT_ONCE, MAX_AT_ONCE_EVENTS, a, &event, &count, &ignored, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        CLEANUP(json_freep) cJSON *detail = detail_of(&event[i]);
        read_at_once(detail, a, &r);
    }
    *ret_r = r;
    return OK;
}
