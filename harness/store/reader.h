/*
 * reader - what is read back: runs by reference, pending trials for dispatch, rows for reports.
 *
 * Owner     rows handed to callbacks are borrowed until the callback returns; filled structs live in the caller's arena.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "base/arena.h"
#include "core/answer.h"
#include "core/names.h"
#include "core/sample.h"
#include "store/store.h"
#include "store/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* RUN = `last`, `last~N`, `baseline:NAME`, an id, a name (the newest run of that name), or a unique prefix of an id; tried in
   this order. ERR_NOT_FOUND or ERR_INVALID (ambiguous) with the candidates. */
enum err store_run_find(struct store *s, const char *reference, struct arena *a, struct run_row *ret_run, struct error *e) MUST_CHECK;
/* Whether `text` always means something else than a run of that name: `last`, `last~N`, `baseline:…`. */
bool store_run_reserves(const char *text);
/* Newest first. limit 0 = all. */
enum err store_run_list(struct store *s, int64_t limit, struct arena *a, struct run_row **ret_run, size_t *ret_count,
                        struct error *e) MUST_CHECK;
enum err store_endpoint_list(struct store *s, const char *run_id, struct arena *a, struct endpoint_row **ret_endpoint, size_t *ret_count,
                             struct error *e) MUST_CHECK;
enum err store_scorer_list(struct store *s, const char *run_id, struct arena *a, struct scorer_row **ret_scorer, size_t *ret_count,
                           struct error *e) MUST_CHECK;

struct dataset_row {
    int64_t id;
    const char *name, *version, *sha256, *source, *revision, *license, *root; /* NULL = unknown */
    bool verified;
};
enum err store_dataset_get(struct store *s, int64_t id, struct arena *a, struct dataset_row *ret_d, struct error *e) MUST_CHECK;
/* Of the run's planned samples. */
struct dataset_counts {
    int64_t samples, intents, categories, subcategories;
};
enum err store_dataset_counts(struct store *s, const char *run_id, struct dataset_counts *ret_c, struct error *e) MUST_CHECK;
/* Whether any sample of the run has an image. */
enum err store_run_has_images(struct store *s, const char *run_id, bool *ret_images, struct error *e) MUST_CHECK;

struct baseline_row {
    const char *name, *run_id;
    int64_t set_at;
};
/* By name. */
enum err store_baseline_list(struct store *s, struct arena *a, struct baseline_row **ret_baseline, size_t *ret_count,
                             struct error *e) MUST_CHECK;

/* One trial to send. `sample.image[].path` is root + name, resolved by the caller before opening. */
struct pending_trial {
    int64_t trial_id, sample_id;
    int epoch;
    int attempts;                    /* attempts of this trial that count towards the limit: neither lost nor `loading` ones, nor those
                                      before it was queued again by hand */
    int last_number;                 /* highest attempt.number so far */
    int64_t unread_attempt_id;       /* last attempt, when its reply is stored and nobody has parsed it yet: read it (store_reply_get)
                                      instead of asking again; 0 = none */
    const char *const *image_sha256; /* one per image: what the file was when it was first read; NULL = not read yet */
    struct sample sample;            /* id, intent, prompt, context, category, …, extra_json, images */
};
/* Up to `max` pending trials with id > after_trial_id of one endpoint, in dispatch order; all in `a`. */
enum err store_pending_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, struct arena *a,
                            struct pending_trial **ret_trial, size_t *ret_count, struct error *e) MUST_CHECK;

/* Every sample of the endpoint's trials once, in dispatch order: id, intent_id, category, attack, expected and extra_json are
   filled, the other texts are "" and there are no images. Borrowed until `each` returns; its error ends the walk. */
typedef enum err sample_fn(const struct sample *sample, void *context, struct error *e);
enum err store_sample_each(struct store *s, const struct endpoint_row *endpoint, sample_fn *each, void *context,
                           struct error *e) MUST_CHECK;

/* A reply as it was stored, to be parsed again. */
struct stored_reply {
    int number, http_status; /* http_status 0 = none arrived */
    const char *headers;     /* "name: value\n" lines */
    size_t headers_len;
    const void *body;
    size_t body_len;
    const char *transport; /* NULL = the transfer was whole */
    bool resent;
    int64_t sent_at, done_at;
    int64_t first_byte_us; /* -1 = unknown */
    double cost_upper_usd; /* as reserved; < 0 = unknown */
};
/* ERR_NOT_FOUND when there is no such attempt or it was never done. */
enum err store_reply_get(struct store *s, int64_t attempt_id, struct arena *a, struct stored_reply *ret_r, struct error *e) MUST_CHECK;

/* A trial that was answered or blocked, with what is needed to score it again. */
struct answered_trial {
    int64_t trial_id, sample_id, attempt_id;
    enum trial_status status;
    const char *const *image_sha256; /* as in pending_trial */
    struct sample sample;            /* image paths as in pending_trial */
    struct answer answer;
};
/* As store_pending_page, over trials that have a response. */
enum err store_answered_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, struct arena *a,
                             struct answered_trial **ret_trial, size_t *ret_count, struct error *e) MUST_CHECK;

/* Every answer of the endpoint's trials that the scorer has no verdict for, in trial order: trial_id, status, the answer's texts and
   flags, and of the sample id, intent, category, attack, expected and extra_json. Borrowed until `each` returns; its error ends the
   walk. `each` may insert that scorer's verdicts through the same store. */
typedef enum err answer_fn(const struct answered_trial *t, void *context, struct error *e);
enum err store_answer_each(struct store *s, const struct endpoint_row *endpoint, int64_t scorer_id, answer_fn *each, void *context,
                           struct error *e) MUST_CHECK;
/* The same, over those only that lack a verdict of one of the run's scorers; with `and_failed` also those whose verdict is
   unscored because a judge could not be asked. */
enum err store_unscored_page(struct store *s, const struct endpoint_row *endpoint, int64_t after_trial_id, size_t max, bool and_failed,
                             struct arena *a, struct answered_trial **ret_trial, size_t *ret_count, struct error *e) MUST_CHECK;
/* How many answers of the run lack a verdict of one of its scorers; `and_failed` as in store_unscored_page. */
enum err store_unscored_count(struct store *s, const char *run_id, bool and_failed, int64_t *ret_count, struct error *e) MUST_CHECK;
/* The verdicts that a trial has. */
struct given_verdict {
    int64_t scorer_id;
    enum verdict verdict;
    const char *reason; /* "" = none */
};
enum err store_verdict_list(struct store *s, int64_t trial_id, struct arena *a, struct given_verdict **ret_verdict, size_t *ret_count,
                            struct error *e) MUST_CHECK;
/* Every question that was asked about a trial's answer, by scorer, step and number. */
struct judge_question {
    int64_t attempt_id, scorer_id;
    int step, number;
    const char *judge;
    bool answered; /* a reply without an error class is stored: store_judge_reply_get reads it */
};
enum err store_judge_question_list(struct store *s, int64_t trial_id, struct arena *a, struct judge_question **ret_question,
                                   size_t *ret_count, struct error *e) MUST_CHECK;
/* What a judge was asked for a scorer of the run. */
struct judge_totals {
    const char *scorer, *judge;
    int64_t questions, canaries; /* distinct ones about answers; cases of its canary */
    int64_t attempts, failed;    /* requests; those that brought no reply to read */
    int64_t prompt_tokens, completion_tokens;
    double cost_usd;       /* sum of what is known; < 0 = nothing is */
    double cost_upper_usd; /* the most it can be; < 0 = a request that may be billed has no known bound */
};
enum err store_judge_totals(struct store *s, const char *run_id, struct arena *a, struct judge_totals **ret_judge, size_t *ret_count,
                            struct error *e) MUST_CHECK;
/* Who answered as a judge, by what its replies say; most answers first, within the order of store_judge_totals. */
struct judge_echo {
    const char *scorer, *judge, *model, *fingerprint, *provider; /* the last three "" = not said */
    int64_t answers;
};
enum err store_judge_echoes(struct store *s, const char *run_id, struct arena *a, struct judge_echo **ret_echo, size_t *ret_count,
                            struct error *e) MUST_CHECK;
/* Attack answers that a panel judged, and on how many all its votes, its verdict, any vote said complied. All 0 without a panel. */
struct panel_band {
    int64_t judged, unanimous, majority, any, disputed;
};
enum err store_panel_band(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct panel_band *ret_band, struct error *e) MUST_CHECK;
/* What questions to a judge in this run are taken to have cost at most, those of unknown fate included; 0 when there were none. */
enum err store_judge_spent(struct store *s, const char *run_id, const char *judge, double *ret_usd, struct error *e) MUST_CHECK;
/* As store_reply_get, of a question to a judge. */
enum err store_judge_reply_get(struct store *s, int64_t attempt_id, struct arena *a, struct stored_reply *ret_r,
                               struct error *e) MUST_CHECK;

/* One human label of an attack sample's answer, beside what a scorer said of it. */
struct labelled_row {
    int64_t trial_id;
    const char *intent_id, *category, *attack, *endpoint, *model, *labeller;
    bool blocked; /* the trial's status: a filter answered */
    enum verdict judge, human;
    enum label_plan plan;
    double inclusion_probability; /* < 0 = unknown */
};
typedef enum err labelled_row_fn(const struct labelled_row *row, void *context, struct error *e);
/* In trial order; several labels of one trial follow each other, by labeller. Borrowed until `each` returns. */
enum err store_labelled_each(struct store *s, const char *run_id, int64_t scorer_id, labelled_row_fn *each, void *context,
                             struct error *e) MUST_CHECK;
/* The same of every other run that has a scorer of the same identity: what is known of a judge from elsewhere. */
enum err store_labelled_elsewhere(struct store *s, const char *run_id, const char *identity_sha256, labelled_row_fn *each, void *context,
                                  struct error *e) MUST_CHECK;

/* Counts of a run by status; pending includes everything unfinished. */
struct status_counts {
    int64_t planned, by_status[TRIAL_STATUS_COUNT];
};
enum err store_status_counts(struct store *s, const char *run_id, int64_t endpoint_id /* 0 = all */, struct status_counts *ret_c,
                             struct error *e) MUST_CHECK;

/* One row per trial of an endpoint, joined with its sample and one scorer's verdict, in trial order. */
struct report_row {
    int64_t trial_id;
    const char *sample_key, *intent_id, *category, *subcategory, *attack;
    const char *twin; /* "" = none */
    enum expected expected;
    int epoch;
    enum trial_status status;
    const char *reason; /* "" = none */
    bool has_score;
    enum verdict verdict;
    const char *score_reason;                 /* "" = none; "blocked" for blocked trials */
    double value;                             /* NaN = none */
    int64_t latency_us;                       /* -1 = unknown */
    int64_t wait_us;                          /* before that, from when the trial was ready; -1 = unknown */
    int64_t first_byte_us;                    /* of the latency, what passed before the reply began; -1 = unknown */
    int64_t prompt_tokens, completion_tokens; /* -1 = unknown */
    double cost_usd;                          /* of all its attempts whose cost is known; NaN = none is */
};
typedef enum err report_row_fn(const struct report_row *row, void *context, struct error *e);
enum err store_report_rows(struct store *s, int64_t endpoint_id, int64_t scorer_id, report_row_fn *each, void *context,
                           struct error *e) MUST_CHECK;

/* Attempts of an endpoint: totals and by HTTP status (0 = no status arrived). */
struct http_count {
    int status;
    int64_t count;
};
struct attempt_totals {
    int64_t attempts, retries, lost; /* retries = attempts beyond the first of each trial */
    struct http_count *by_status;    /* in the arena */
    size_t by_status_count;
    double cost_usd;       /* sum of what is known; < 0 = nothing is */
    double cost_upper_usd; /* sum of the most each can have cost, of those where it is known */
    int64_t cost_unknown;  /* attempts that may be billed and whose upper bound is not known: the sum is then no bound */
};
enum err store_attempt_totals(struct store *s, int64_t endpoint_id, struct arena *a, struct attempt_totals *ret_t,
                              struct error *e) MUST_CHECK;

/* When an endpoint replied: attempts that ended, in slots of equal length from the first to the last of them. */
struct traffic_slot {
    int64_t replies;       /* HTTP 200 to 299 */
    int64_t too_many;      /* 429 */
    int64_t server_errors; /* 500 and above */
    int64_t others;        /* any other status, and no reply at all */
};
struct traffic {
    int64_t start_at, slot_us; /* wall clock; slot_us 0 = nothing has ended yet */
    struct traffic_slot *slot; /* in the arena */
    size_t count;
};
/* At most `max` slots (> 0); their length is a round one, from a second up. */
enum err store_traffic(struct store *s, int64_t endpoint_id, size_t max, struct arena *a, struct traffic *ret_t,
                       struct error *e) MUST_CHECK;

/* What the store knows of a model at an address: the answers of its newest endpoint row that has any. */
struct endpoint_history {
    int64_t answers;
    double latency_us, completion_tokens; /* means; < 0 = unknown */
};
enum err store_endpoint_history(struct store *s, const char *base_url, const char *model, struct endpoint_history *ret_h,
                                struct error *e) MUST_CHECK;

/* Errors grouped by class, status and message: for the report. */
struct error_group {
    const char *error_class, *message;
    int http_status;
    int64_t count, first_trial, last_trial;
};
/* `withheld`: [["category","subcategory"], …] as JSON, whose trials' messages come as NULL; NULL = none. */
enum err store_error_groups(struct store *s, int64_t endpoint_id, const char *withheld, size_t max, struct arena *a,
                            struct error_group **ret_group, size_t *ret_count, struct error *e) MUST_CHECK;

/* Who answered, most answers first: the provider that each answer named, in whatever case; NULL = it named none. */
struct provider_group {
    const char *provider;
    int64_t answers;
    int64_t apart; /* of them: not of the provider asked for, so unscored `provider_mismatch` */
};
enum err store_provider_groups(struct store *s, int64_t endpoint_id, int64_t scorer_id, size_t max, struct arena *a,
                               struct provider_group **ret_group, size_t *ret_count, struct error *e) MUST_CHECK;

/* Everything about one trial, for `show` and the report's first samples. */
struct trial_attempt {
    int64_t id;
    int number, http_status;
    const char *trace_id, *request_sha256, *error_class, *message, *headers_json;
    int64_t sent_at, done_at, retry_after_us, body_bytes;
    int64_t first_byte_us;                    /* -1 = unknown */
    double cost_usd;                          /* < 0 = unknown */
    int64_t prompt_tokens, completion_tokens; /* -1 = unknown */
};
struct trial_score {
    const char *scorer;
    enum verdict verdict;
    const char *reason, *explanation;
    const char *votes_json; /* of the judges, as stored; NULL = none */
    double value;
    bool is_primary;
};
struct trial_image {
    const char *name, *mime, *sha256;
    int64_t bytes, width, height;
};
struct trial_detail {
    int64_t trial_id;
    const char *run_id, *endpoint, *sample_key, *intent_id, *intent, *category, *subcategory, *attack, *prompt, *context, *extra_json,
        *twin;
    enum expected expected;
    int epoch;
    enum trial_status status;
    const char *reason;
    const char *content, *reasoning, *refusal, *finish_reason, *model_echo, *provider_echo; /* NULL = no response */
    int64_t content_len;
    int64_t latency_us, prompt_tokens, completion_tokens;
    struct trial_attempt *attempt;
    size_t attempt_count;
    struct trial_score *score;
    size_t score_count;
    struct trial_image *image;
    size_t image_count;
};
enum err store_trial_detail(struct store *s, int64_t trial_id, struct arena *a, struct trial_detail *ret_t, struct error *e) MUST_CHECK;
/* Trial ids of a run for a sample key (all endpoints and epochs), else for a numeric trial id. Count 0 when there is none. */
enum err store_trial_find(struct store *s, const char *run_id, const char *key, struct arena *a, int64_t **ret_id, size_t *ret_count,
                          struct error *e) MUST_CHECK;

/* What an endpoint was asked since a moment, among the newest 20,000 requests of the store: a look at a run going now. */
struct recent_traffic {
    int64_t requests, rate_limited, in_flight; /* rate_limited: answered 429; in_flight: not answered yet */
    int64_t first_sent_at;                     /* of those counted; -1 = none */
};
enum err store_recent_traffic(struct store *s, int64_t endpoint_id, int64_t since, struct recent_traffic *ret_t,
                              struct error *e) MUST_CHECK;

/* Oldest first; of more than `max` the newest. max 0 = all. Those that run_record.h reads are left out. */
struct event_row {
    int64_t at;
    const char *level, *kind, *message, *detail_json;
};
enum err store_event_list(struct store *s, const char *run_id, size_t max, struct arena *a, struct event_row **ret_event, size_t *ret_count,
                          struct error *e) MUST_CHECK;
/* The newest `max` of one kind, oldest first, and how many there are. */
enum err store_event_of_kind(struct store *s, const char *run_id, const char *kind, size_t max, struct arena *a,
                             struct event_row **ret_event, size_t *ret_count, int64_t *ret_total, struct error *e) MUST_CHECK;
/* Events of one kind that came after number `*after`, which moves on to the newest event there is. Cheap when there is none. */
enum err store_event_news(struct store *s, const char *run_id, const char *kind, int64_t *after, struct arena *a,
                          struct event_row **ret_event, size_t *ret_count, struct error *e) MUST_CHECK;

/* Digest for identity: SHA-256 over "<key>\0<prompt>\0<intent>\0<expected>\0<image sha256 …>\n" of the run's planned samples in
   bytewise key order, an image's digest followed by a space each. False in *ret_whole when an image of a planned sample was
   not read yet; its digest is then missing. */
enum err store_sample_set_sha256(struct store *s, const char *run_id, char ret_hex[65], bool *ret_whole, struct error *e) MUST_CHECK;

#endif
