/* Money before and after an attempt, and the promise that hangs on it: a budget is never passed. */
#include "engine/spending.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct lane make_lane(struct endpoint_config *config, double input, double output)
{
    struct lane lane = { .config = config, .price = { .known = true, .input = input, .output = output, .source = "config" } };
    return lane;
}

static void an_attempt_costs_at_most_its_largest_prompt_and_max_tokens(void **state)
{
    (void)state;
    struct endpoint_config config = { .params = { .max_tokens = 100 } };
    struct lane lane = make_lane(&config, 1, 10), unknown = { .config = &config };
    struct token_range prompt = { 10, 20, 50 };

    assert_true(fabs(spending_upper(&lane, prompt) - (50 * 1 + 100 * 10) / 1e6) < 1e-12);
    assert_true(spending_upper(&unknown, prompt) < 0);
}

static void a_server_that_counts_more_raises_what_is_taken_for_the_most(void **state)
{
    (void)state;
    struct endpoint_config config = { .params = { .max_tokens = 100 } };
    struct lane lane = make_lane(&config, 1, 10);
    struct token_range prompt = { 10, 20, 50 };

    spending_learn(&lane, prompt, &(struct usage){ .prompt_tokens = 50, .completion_tokens = 100 });
    assert_true(fabs(spending_upper(&lane, prompt) - 1050 / 1e6) < 1e-12);
    spending_learn(&lane, prompt, &(struct usage){ .prompt_tokens = 75, .completion_tokens = 100 });
    assert_true(spending_upper(&lane, prompt) >= 1075 / 1e6);
    spending_learn(&lane, prompt, &(struct usage){ .prompt_tokens = -1, .completion_tokens = 200 });
    assert_true(spending_upper(&lane, prompt) >= 2075 / 1e6);
    spending_learn(&lane, prompt, &(struct usage){ .prompt_tokens = 1, .completion_tokens = 1 });
    assert_true(spending_upper(&lane, prompt) >= 2075 / 1e6);
}

static void what_an_attempt_is_taken_to_have_cost_follows_from_its_end(void **state)
{
    static const struct {
        const char *what;
        double cost, expected;
        struct http_reply reply;
    } table[] = {
        { "answered, usage known", 0.25, 0.25, { .status = 200 } },
        { "answered, usage unknown", -1, 1, { .status = 200 } },
        { "redirected", -1, 1, { .status = 302 } },
        { "error received", -1, 0, { .status = 400 } },
        { "server error received", -1, 0, { .status = 503 } },
        { "error received, its body cut", -1, 0, { .status = 500, .fault = HTTP_FAULT_PARTIAL } },
        { "answer cut", -1, 1, { .status = 200, .fault = HTTP_FAULT_PARTIAL } },
        { "timed out", -1, 1, { .fault = HTTP_FAULT_TIMEOUT } },
        { "dropped", -1, 1, { .fault = HTTP_FAULT_EMPTY } },
        { "aborted by us", -1, 1, { .fault = HTTP_FAULT_CANCELLED } },
        { "nobody listens", -1, 0, { .fault = HTTP_FAULT_CONNECT } },
        { "no such host", -1, 0, { .fault = HTTP_FAULT_DNS } },
        { "sent twice, answered", 0.25, 1.25, { .status = 200, .resent = true } },
        { "sent twice, error", -1, 1, { .status = 500, .resent = true } },
        { "sent twice, dropped", -1, 2, { .fault = HTTP_FAULT_RECV, .resent = true } },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        double got = spending_settled(1, table[i].cost, &table[i].reply);
        if (got < table[i].expected - 1e-12 || got > table[i].expected + 1e-12)
            fail_msg("%s: %g, expected %g", table[i].what, got, table[i].expected);
    }
    assert_true(spending_settled(-1, -1, &(struct http_reply){ .status = 200 }) < 0);
}

/* ---- The property ---- */

enum { TRIALS = 300, WIDTH = 16 };

struct sent { /* one attempt on the wire, and what it really costs */
    double upper, true_cost;
    struct http_reply reply;
    double known_cost; /* what its usage will say; < 0 = nothing */
};

struct world {
    struct rng rng;
    struct endpoint_config config;
    struct lane lane;
    struct budget budget;
    struct sent wire[WIDTH];
    int on_wire;
    double limit, truth, books; /* books: the sum of the store's cost_upper_usd */
    int crashes, settled, lost;
};

static int64_t pick(struct world *w, int64_t below)
{
    return (int64_t)(rng_next(&w->rng) % (uint64_t)below);
}

/* A trial whose usage stays below what is taken for the most, and a fate. */
static struct sent make_attempt(struct world *w)
{
    struct token_range prompt = { 1, 1, 1 + pick(w, 5000) };
    struct sent s = { .upper = spending_upper(&w->lane, prompt), .known_cost = -1 };
    double cost = price_cost(&w->lane.price, 1 + pick(w, prompt.most), pick(w, w->config.params.max_tokens + 1));
    switch (pick(w, 8)) {
    case 0: s.reply = (struct http_reply){ .status = 500 }; return s;
    case 1: s.reply = (struct http_reply){ .fault = HTTP_FAULT_CONNECT }; return s;
    case 2: s.reply = (struct http_reply){ .fault = HTTP_FAULT_TIMEOUT }; break; /* and billed */
    case 3: s.reply = (struct http_reply){ .status = 200 }; break;               /* without usage, and billed */
    default:
        s.reply = (struct http_reply){ .status = 200 };
        s.known_cost = cost;
        break;
    }
    s.reply.resent = pick(w, 4) == 0;
    s.true_cost = cost * (s.reply.resent ? 2 : 1);
    return s;
}

static bool send_one(struct world *w)
{
    struct sent s = make_attempt(w);
    if (!budget_reserve(&w->budget, spending_reservation(s.upper)))
        return false;
    w->truth += s.true_cost; /* billed from now on, whether we hear of it or not */
    w->wire[w->on_wire++] = s;
    return true;
}

static void hear_of_one(struct world *w)
{
    int64_t index = pick(w, w->on_wire);
    struct sent s = w->wire[index];
    w->wire[index] = w->wire[--w->on_wire];
    double settled = spending_settled(s.upper, s.known_cost, &s.reply);
    budget_settle(&w->budget, spending_reservation(s.upper), settled);
    w->books += settled;
    w->settled++;
}

/* Everything on the wire is lost; the next session starts with what the store has. */
static void crash(struct world *w)
{
    for (int i = 0; i < w->on_wire; i++)
        w->books += spending_reservation(w->wire[i].upper);
    w->lost += w->on_wire;
    w->on_wire = 0;
    w->crashes++;
    budget_release(&w->budget);
    budget_init(&w->budget, w->limit, w->books);
}

static void live(struct world *w)
{
    int trials = TRIALS;
    while (trials > 0 || w->on_wire > 0) {
        int64_t turn = pick(w, 100);
        if (turn == 0)
            crash(w);
        else if (trials > 0 && w->on_wire < WIDTH && turn < 60 && send_one(w))
            trials--;
        else if (w->on_wire > 0)
            hear_of_one(w);
        else if (turn < 60)
            return; /* nothing fits, and nothing on the wire can make room: the run stops */
        if (w->truth > w->limit + 1e-9)
            fail_msg("%g were spent of a budget of %g", w->truth, w->limit);
    }
}

static void whatever_happens_the_true_costs_stay_within_the_budget(void **state)
{
    (void)state;
    int stopped = 0, finished = 0, crashes = 0, lost = 0, settled = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct world w = { .config = { .params = { .max_tokens = 1 } } };
        rng_init(&w.rng, seed);
        w.config.params.max_tokens = 1 + pick(&w, 2000);
        w.lane = make_lane(&w.config, (double)pick(&w, 1000) / 100, (double)pick(&w, 3000) / 100);
        w.limit = (double)pick(&w, 20000) / 1000 * (pick(&w, 2) ? 1 : 0.05);
        budget_init(&w.budget, w.limit, 0);

        live(&w);

        if (w.books > w.limit + 1e-9)
            fail_msg("seed %llu: the upper bound %g passed the budget %g", (unsigned long long)seed, w.books, w.limit);
        if (w.on_wire == 0 && w.truth > w.books + 1e-9)
            fail_msg("seed %llu: %g were spent, and the books say at most %g", (unsigned long long)seed, w.truth, w.books);
        stopped += w.settled + w.lost < TRIALS;
        finished += w.settled + w.lost == TRIALS;
        crashes += w.crashes;
        settled += w.settled;
        lost += w.lost;
        budget_release(&w.budget);
    }
    assert_true(stopped > 50 && finished > 50 && crashes > 100 && settled > 1000 && lost > 100); /* the test went everywhere */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attempt_costs_at_most_its_largest_prompt_and_max_tokens),
        cmocka_unit_test(a_server_that_counts_more_raises_what_is_taken_for_the_most),
        cmocka_unit_test(what_an_attempt_is_taken_to_have_cost_follows_from_its_end),
        cmocka_unit_test(whatever_happens_the_true_costs_stay_within_the_budget),
    };
    return cmocka_run_group_tests_name("spending", tests, NULL, NULL);
}
