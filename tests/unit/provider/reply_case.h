/*
 * reply_case - one row of a table about replies: the bytes that came, and the facts they must give.
 *
 * They are read by CASE_OPS, a struct provider_ops that a test defines before it includes this; openai_chat unless it does.
 */
#ifndef TEST_REPLY_CASE_H
#define TEST_REPLY_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/openai_chat.h"

#ifndef CASE_OPS
#define CASE_OPS openai_chat
#endif

#include <stdio.h>
#include <string.h>

/* 2026-11-24 07:05:53 UTC */
static const int64_t case_now_us = INT64_C(1795503953) * 1000000;

struct reply_case {
    const char *name;
    int status;
    const char *headers; /* NULL = none; "name: value\n" lines */
    const char *body;    /* NULL = empty */
    size_t body_len;     /* 0 = strlen */
    enum http_fault fault;
    uint64_t sent_bytes;

    enum reply_class class;
    enum endpoint_effect effect;
    const char *error_class; /* NULL = "" */
    const char *reason;      /* NULL = "" */
    const char *give_up;     /* NULL = "exhausted" */
    int retry_max;           /* 0 = -1; NO_RETRIES = 0 */
    unsigned flags;
    const char *content; /* NULL = "" */
    const char *reasoning;
    const char *refusal;
    const char *finish;
    const char *message; /* NULL = not looked at; else must be part of the message */
    int64_t hint_us;     /* 0 = not looked at */
    struct usage usage;  /* all 0 = not looked at */
};
enum { NO_RETRIES = -2 };

static const struct provider_target case_target = { .base_url = "http://127.0.0.1/v1", .model = "m", .max_tokens = 16 };

static inline void case_read(const struct reply_case *c, struct arena *a, struct reply_facts *ret)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    reply.status = c->status;
    reply.fault = c->fault;
    reply.sent_bytes = c->sent_bytes;
    (void)strbuf_addstr(&reply.headers, c->headers ? c->headers : "");
    (void)strbuf_add(&reply.body, c->body ? c->body : "", c->body_len ? c->body_len : c->body ? strlen(c->body) : 0);
    if (c->fault != HTTP_FAULT_NONE)
        (void)snprintf(reply.detail, sizeof(reply.detail), "words of the transport");
    CASE_OPS.read(&case_target, &reply, case_now_us, a, ret);
    http_reply_release(&reply);
}

static inline void case_same(const char *name, const char *what, const char *is, const char *wanted)
{
    if (strcmp(is, wanted ? wanted : "") != 0)
        fail_msg("%s: %s is '%s', not '%s'", name, what, is, wanted ? wanted : "");
}

static inline void case_number(const char *name, const char *what, int64_t is, int64_t wanted)
{
    if (is != wanted)
        fail_msg("%s: %s is %lld, not %lld", name, what, (long long)is, (long long)wanted);
}

static inline void case_check(const struct reply_case *c)
{
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    case_read(c, &a, &f);

    case_number(c->name, "class", f.class, c->class);
    case_number(c->name, "effect", f.effect, c->effect);
    case_same(c->name, "error_class", f.error_class, c->error_class);
    case_same(c->name, "reason", f.reason, c->reason);
    if (f.class == REPLY_RETRY) {
        case_same(c->name, "give_up_reason", f.give_up_reason, c->give_up ? c->give_up : "exhausted");
        case_number(c->name, "retry_max", f.retry_max, c->retry_max == 0 ? -1 : c->retry_max == NO_RETRIES ? 0 : c->retry_max);
    }
    if (f.class == REPLY_ANSWERED || f.class == REPLY_BLOCKED) {
        case_number(c->name, "flags", f.answer.flags, c->flags);
        case_same(c->name, "content", f.answer.content, c->content);
        case_number(c->name, "content_len", (int64_t)f.answer.content_len, (int64_t)strlen(c->content ? c->content : ""));
        case_same(c->name, "reasoning", f.answer.reasoning, c->reasoning);
        case_same(c->name, "refusal", f.answer.refusal, c->refusal);
        case_same(c->name, "finish_reason", f.answer.finish_reason, c->finish);
    }
    if (c->hint_us)
        case_number(c->name, "hint_us", f.hint_us, c->hint_us);
    if (c->usage.prompt_tokens || c->usage.completion_tokens || c->usage.reasoning_tokens) {
        case_number(c->name, "prompt_tokens", f.answer.usage.prompt_tokens, c->usage.prompt_tokens);
        case_number(c->name, "completion_tokens", f.answer.usage.completion_tokens, c->usage.completion_tokens);
        case_number(c->name, "reasoning_tokens", f.answer.usage.reasoning_tokens, c->usage.reasoning_tokens);
    }
    if (c->message && !strstr(f.message, c->message))
        fail_msg("%s: message '%s' does not hold '%s'", c->name, f.message, c->message);
    arena_release(&a);
}

#define CASE_CHECK_ALL(table)                                                                                                              \
    for (size_t case_at = 0; case_at < ARRAY_LEN(table); case_at++)                                                                        \
    case_check(&(table)[case_at])

#endif
