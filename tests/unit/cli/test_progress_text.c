/* How far a run is, in at most four lines: what is counted, what is left out, and names that are hostile. */
#include "cli/progress_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct progress_endpoint endpoint(const char *name)
{
    struct progress_endpoint e = { .name = name, .planned = 1000, .in_flight = 60, .window = 64 };
    e.by_status[TRIAL_ANSWERED] = 195;
    e.by_status[TRIAL_BLOCKED] = 5;
    e.by_status[TRIAL_FAILED] = 3;
    e.by_verdict[VERDICT_COMPLIED] = 50;
    e.by_verdict[VERDICT_PARTIAL] = 10;
    e.by_verdict[VERDICT_REFUSED] = 134;
    e.by_verdict[VERDICT_UNSCORED] = 1;
    return e;
}

static const struct progress_head head = { "7f3ac2d1k0pq", "nightly", 41.25 };

static int lines_of(const struct strbuf *text)
{
    int lines = 0;
    for (const char *at = text->buf; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    return lines;
}

static void one_endpoint_takes_four_lines(void **state)
{
    (void)state;
    struct progress_endpoint e = endpoint("target");
    struct progress_category category[] = { { "Weapons", 50, 17 }, { "Fraud", 100, 31 },   { "Few", 9, 9 },
                                            { "Calm", 40, 0 },     { "Self-harm", 11, 1 }, { "Slander", 20, 10 } };
    struct progress p = { .planned = 18240,
                          .done = 9120,
                          .in_flight = 60,
                          .retries = 12,
                          .rate_limited = 9,
                          .latency_p50_us = 1400000,
                          .latency_p99_us = 9800000,
                          .cost_usd = 3.12,
                          .judge_cost_usd = 0.88,
                          .judged = 210,
                          .backlog = 4,
                          .endpoint = &e,
                          .endpoint_count = 1,
                          .category = category,
                          .category_count = 6 };
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    progress_text(&head, &p, true, &out);

    assert_string_equal(out.buf, "run 7f3ac2d1 nightly  9,120/18,240 50%  41.2/s  ETA 3m41s  in-flight 60  retry 12 (429: 9)\n"
                                 "ASR 25.1% [19.6, 31.6] so far  part 5.0%  refus 67.3%  defl 0.0%  block 2.5%  miss 2.0%\n"
                                 "in flight 60 of 64\n"
                                 "p50 1.4s p99 9.8s  $3.12+judge $0.88  worst so far: Slander 50%  Weapons 34%  Fraud 31%  judge lag 210"
                                 "  scoring lag 4\n");
}

static void of_many_endpoints_two_with_work_are_shown(void **state)
{
    (void)state;
    struct progress_endpoint e[] = { endpoint("a"), endpoint("b"), endpoint("c"), endpoint("d\033[2J") };
    e[0].stopped = "auth";
    e[1].planned = 203;
    struct progress p = { .planned = 4000, .done = 812, .latency_p50_us = -1, .cost_usd = -1, .endpoint = e, .endpoint_count = 4 };
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    progress_text(&head, &p, true, &out);

    assert_int_equal(lines_of(&out), 4);
    assert_non_null(strstr(out.buf, "\nc  ASR 25.1%"));
    assert_non_null(strstr(out.buf, "\nd  ASR 25.1%"));
    assert_null(strchr(out.buf, '\033'));
    assert_non_null(strstr(out.buf, "scoring lag 0  2 more endpoints\n"));
    assert_null(strchr(out.buf, '$'));
}

static void before_the_first_verdict_no_rate_is_invented(void **state)
{
    (void)state;
    struct progress_endpoint e = { .name = "a", .planned = 10 };
    struct progress p = { .planned = 10, .latency_p50_us = -1, .cost_usd = -1, .endpoint = &e, .endpoint_count = 1 };
    struct progress_head start = { "7f3ac2d1k0pq", "", 0 };
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    progress_text(&start, &p, false, &out);

    assert_string_equal(out.buf, "run 7f3ac2d1  0/10 0%  0.0/s  ETA ?  in-flight 0  retry 0\nno verdict yet  miss 0.0%\nscoring lag 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_endpoint_takes_four_lines),
        cmocka_unit_test(of_many_endpoints_two_with_work_are_shown),
        cmocka_unit_test(before_the_first_verdict_no_rate_is_invented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
