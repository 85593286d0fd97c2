#include "sim/sim_error.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void add_text(struct strbuf *out, const char *text)
{
    json_add_string(out, text, strlen(text));
}

static void add_or_null(struct strbuf *out, const char *text)
{
    if (text)
        add_text(out, text);
    else
        (void)strbuf_addstr(out, "null");
}

static void add_code(struct strbuf *out, const char *code)
{
    if (code && *code && code[strspn(code, "0123456789")] == '\0')
        (void)strbuf_addstr(out, code);
    else
        add_or_null(out, code);
}

/* {"message":…,"type":…,"param":…,"code":…}: the object of OpenAI's form, and SGLang's flat one with `head` before it. */
static void add_object(struct strbuf *out, const char *head, const struct sim_error_facts *f)
{
    (void)strbuf_addf(out, "{%s\"message\":", head);
    add_text(out, f->message);
    (void)strbuf_addstr(out, ",\"type\":");
    add_text(out, f->type);
    (void)strbuf_addstr(out, ",\"param\":");
    add_or_null(out, f->param);
    (void)strbuf_addstr(out, ",\"code\":");
    add_code(out, f->code);
    (void)strbuf_addch(out, '}');
}

static void add_estimate(struct strbuf *out, const struct sim_error_facts *f)
{
    if (f->estimated_s >= 0.0)
        (void)strbuf_addf(out, ",\"estimated_time\":%.15g", f->estimated_s);
}

static void add_html(struct strbuf *out, const char *title)
{
    (void)strbuf_addf(out,
                      "<!DOCTYPE html>\n<html>\n<head><title>%s</title></head>\n<body>\n<center><h1>%s</h1></center>\n</body>\n</html>\n",
                      title, title);
}

/* {"key":"message"} with more behind it. */
static void add_pair(struct strbuf *out, const char *before, const char *message, const char *after)
{
    (void)strbuf_addstr(out, before);
    add_text(out, message);
    (void)strbuf_addstr(out, after);
}

static void add_string_form(struct strbuf *out, const struct sim_error_facts *f)
{
    add_pair(out, "{\"error\":", f->message, "");
    if (*f->type) {
        (void)strbuf_addstr(out, ",\"error_type\":");
        add_text(out, f->type);
    }
    add_estimate(out, f);
    (void)strbuf_addch(out, '}');
}

static void add_openrouter_form(struct strbuf *out, int status, const struct sim_error_facts *f)
{
    (void)strbuf_addstr(out, "{\"error\":{\"code\":");
    if (f->code)
        add_code(out, f->code);
    else
        (void)strbuf_addf(out, "%d", status);
    add_pair(out, ",\"message\":", f->message, ",\"metadata\":{\"provider_name\":\"sim\"}}}");
}

static void add_problem_form(struct strbuf *out, int status, const struct sim_error_facts *f)
{
    (void)strbuf_addf(out, "{\"type\":\"about:blank\",\"status\":%d", status);
    add_pair(out, ",\"title\":", f->message, "}");
}

void sim_error_write(struct sim_reply *r, const struct sim_error_facts *f)
{
    struct strbuf *out = &r->body;
    r->content_type = "application/json";
    switch (f->shape) {
    case SHAPE_OPENAI:
        (void)strbuf_addstr(out, "{\"error\":");
        add_object(out, "", f);
        add_estimate(out, f);
        (void)strbuf_addch(out, '}');
        break;
    case SHAPE_STRING: add_string_form(out, f); break;
    case SHAPE_LIST: add_pair(out, "{\"error\":[", f->message, ",\"see the log for details\"]}"); break;
    case SHAPE_ERRORS: add_pair(out, "{\"errors\":[{\"message\":", f->message, "}]}"); break;
    case SHAPE_DESCRIPTION: add_pair(out, "{\"error\":\"failed\",\"error_description\":", f->message, "}"); break;
    case SHAPE_FLAT: add_object(out, "\"object\":\"error\",", f); break;
    case SHAPE_MESSAGE: add_pair(out, "{\"message\":", f->message, "}"); break;
    case SHAPE_DETAIL: add_pair(out, "{\"detail\":", f->message, "}"); break;
    case SHAPE_DETAIL_LIST:
        add_pair(out, "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"messages\"],\"msg\":", f->message, "}]}");
        break;
    case SHAPE_PROBLEM:
        r->content_type = "application/problem+json";
        add_problem_form(out, r->status, f);
        break;
    case SHAPE_OPENROUTER: add_openrouter_form(out, r->status, f); break;
    case SHAPE_TEXT:
        r->content_type = "text/plain; charset=utf-8";
        (void)strbuf_addf(out, "%s\n", f->message);
        break;
    case SHAPE_HTML:
        r->content_type = "text/html; charset=utf-8";
        add_html(out, f->message);
        break;
    case SHAPE_EMPTY: r->content_type = NULL; break;
    }
}

void sim_error_write_filter(struct sim_reply *r, const char *message)
{
    add_pair(&r->body, "{\"error\":{\"message\":", message,
             ",\"type\":null,\"param\":\"prompt\",\"code\":\"content_filter\",\"status\":400,"
             "\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{"
             "\"hate\":{\"filtered\":false,\"severity\":\"safe\"},\"jailbreak\":{\"filtered\":true,\"detected\":true}}}}}");
    r->status = 400;
    r->content_type = "application/json";
}

/* RFC 9110's IMF-fixdate, whatever the locale; rounded up, since the form knows whole seconds only. */
static void add_http_date(struct sim_reply *r, int64_t wall_us)
{
    static const char *const day[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t t = (time_t)((wall_us + 999999) / 1000000);
    struct tm tm;
    if (!gmtime_r(&t, &tm))
        return;
    sim_reply_header(r, "Retry-After", "%s, %02d %s %d %02d:%02d:%02d GMT", day[tm.tm_wday], tm.tm_mday, month[tm.tm_mon],
                     tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void sim_error_hint(struct sim_reply *r, enum retry_form form, double seconds, int64_t wall_us)
{
    switch (form) {
    case RETRY_NONE:
    case RETRY_MESSAGE: break;
    case RETRY_SECONDS: sim_reply_header(r, "Retry-After", "%.15g", seconds); break;
    case RETRY_HTTP_DATE: add_http_date(r, wall_us + (int64_t)(seconds * 1e6)); break;
    case RETRY_MS: sim_reply_header(r, "retry-after-ms", "%.15g", seconds * 1e3); break;
    case RETRY_RATELIMIT:
        sim_reply_header(r, "RateLimit", "\"sim\";r=0;t=%.15g", ceil(seconds));
        sim_reply_header(r, "RateLimit-Policy", "\"fixed window\";\"sim\";q=1;w=%.15g", ceil(seconds));
        break;
    case RETRY_X_RATELIMIT:
        sim_reply_header(r, "x-ratelimit-remaining-requests", "0");
        sim_reply_header(r, "x-ratelimit-reset-requests", "%.15gms", seconds * 1e3);
        break;
    }
}
