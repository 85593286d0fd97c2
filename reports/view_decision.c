/*
 * view_decision - the gate at the top of the page: its verdict as a sentence with the numbers that decided, and its rules.
 *
 * The sentence is a list of parts, because names of runs and categories come from outside and are isolated in the page.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/points.h"
#include "reports/view_compare.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

static const cJSON *rule_of(const cJSON *gate, const char *id)
{
    const cJSON *rule;
    cJSON_ArrayForEach(rule, json_array(gate, "rules"))
    {
        if (is(json_string(rule, "id"), id))
            return rule;
    }
    return NULL;
}

static bool rule_says(const cJSON *gate, const char *id, const char *verdict)
{
    return is(json_string(rule_of(gate, id), "verdict"), verdict);
}

/* ---- the sentence ----------------------------------------------------------------------------------------------- */

static void say(cJSON *parts, const char *text)
{
    cJSON *part = view_item(parts);
    view_text(part, "name", NULL);
    view_text(part, "place", NULL);
    (void)cJSON_AddStringToObject(part, "text", text);
}

static void say_name(cJSON *parts, const char *name)
{
    cJSON *part = view_item(parts);
    view_text(part, "name", name && name[0] ? name : "(none)");
    view_text(part, "place", NULL);
    view_text(part, "text", NULL);
}

/* The category that decided stands out. */
static void say_place(cJSON *parts, const char *name)
{
    cJSON *part = view_item(parts);
    view_text(part, "name", NULL);
    view_text(part, "place", name && name[0] ? name : "(none)");
    view_text(part, "text", NULL);
}

static void say_side(cJSON *parts, const cJSON *gate, const char *which)
{
    const cJSON *side = json_object(gate, which), *other = json_object(gate, is(which, "baseline") ? "candidate" : "baseline");
    const char *name = json_string(side, "name"), *run = json_string(side, "run");
    bool same_run = run && is(json_string(other, "run"), run);
    say_name(parts, same_run ? json_string(side, "endpoint") : name ? name : run);
}

/* Words first, then a number of points: "upper bound", +0.4 pp. */
static void say_points(cJSON *parts, const char *before, double fraction, const char *after)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *difference = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(difference, "delta", fraction);
    (void)strbuf_addstr(&text, before);
    view_delta_text(difference, &text);
    (void)strbuf_addstr(&text, after);
    say(parts, text.buf);
    cJSON_Delete(difference);
}

/* "Δ −0.1 pp, upper bound +0.4 pp under the margin of 1.0 pp". */
static void say_bound(cJSON *parts, const cJSON *rule, const char *relation)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *numbers = json_object(rule, "numbers");
    say_points(parts, "Δ ", points_number(numbers, "delta"), "");
    if (isnan(points_number(numbers, "upper")))
        return;
    say_points(parts, ", upper bound ", points_number(numbers, "upper"), relation);
    (void)strbuf_addf(&text, "%.1f\u00A0pp", 100 * points_number(numbers, "margin"));
    say(parts, text.buf);
}

static void say_pass(cJSON *parts, const cJSON *gate)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *r4 = rule_of(gate, "R4");
    if (!rule_says(gate, "R2", "PASS")) { /* no baseline: the ceiling alone */
        say_side(parts, gate, "candidate");
        (void)strbuf_addf(&text, " keeps the ceiling: upper bound %.1f\u00A0%% of at most %.1f\u00A0%%.",
                          100 * points_number(json_object(r4, "numbers"), "upper"),
                          100 * points_number(json_object(r4, "numbers"), "asr_upper"));
        say(parts, text.buf);
        return;
    }
    say_side(parts, gate, "candidate");
    say(parts, " is not worse than ");
    say_side(parts, gate, "baseline");
    say(parts, ": ");
    say_bound(parts, rule_of(gate, "R2"), " under the margin of ");
    (void)strbuf_addf(&text, "; no category got worse by %.1f\u00A0pp.",
                      100 * points_number(json_object(rule_of(gate, "R3"), "numbers"), "category_drop"));
    say(parts, text.buf);
}

static const cJSON *compared_category(const cJSON *compare, const char *key)
{
    const cJSON *cell;
    cJSON_ArrayForEach(cell, json_array(compare, "categories"))
    {
        if (key && is(json_string(cell, "key"), key))
            return cell;
    }
    return NULL;
}

/* "got worse in D: attack success 21.8 % → 27.7 %, +5.9 pp [+4.2, +7.7]". */
static void say_categories(cJSON *parts, const cJSON *gate, const cJSON *compare)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *failed = json_array(json_object(rule_of(gate, "R3"), "numbers"), "failed"), *worst = NULL, *cell;
    cJSON_ArrayForEach(cell, failed)
    {
        if (!worst || points_number(cell, "delta") > points_number(worst, "delta"))
            worst = cell;
    }
    const char *key = json_string(worst, "key");
    const cJSON *compared = compared_category(compare, key);
    say(parts, " got worse in ");
    say_place(parts, key);
    if (compared) {
        (void)strbuf_addf(&text, ": attack success %.1f\u00A0%% → %.1f\u00A0%%, ", 100 * points_number(compared, "base"),
                          100 * points_number(compared, "candidate"));
        view_delta_text(compared, &text);
        say(parts, text.buf);
    } else {
        say_points(parts, " by ", points_number(worst, "delta"), "");
    }
    strbuf_clear(&text);
    int more = cJSON_GetArraySize(failed) - 1;
    if (more > 0)
        (void)strbuf_addf(&text, ", and in %d more %s", more, more == 1 ? "category" : "categories");
    (void)strbuf_addch(&text, '.');
    say(parts, text.buf);
}

static void say_fail(cJSON *parts, const cJSON *gate, const cJSON *compare)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    bool category = rule_says(gate, "R3", "FAIL"), overall = rule_says(gate, "R2", "FAIL");
    say_side(parts, gate, "candidate");
    if (category) {
        say_categories(parts, gate, compare);
        if (rule_says(gate, "R2", "PASS")) {
            say(parts, " Over all categories it is not worse than ");
            say_side(parts, gate, "baseline");
            say(parts, ".");
        } else if (overall) {
            say_points(parts, " Over all it is worse, too: ", points_number(json_object(rule_of(gate, "R2"), "numbers"), "delta"), ".");
        }
    } else if (overall) {
        say(parts, " is worse than ");
        say_side(parts, gate, "baseline");
        say(parts, ": ");
        say_bound(parts, rule_of(gate, "R2"), ", margin ");
        say(parts, ".");
    } else if (rule_says(gate, "R4", "FAIL")) {
        const cJSON *numbers = json_object(rule_of(gate, "R4"), "numbers");
        (void)strbuf_addf(&text, " is above the ceiling: attack success %.1f\u00A0%%, at most %.1f\u00A0%% allowed.",
                          100 * points_number(numbers, "asr"), 100 * points_number(numbers, "asr_upper"));
        say(parts, text.buf);
    } else {
        say(parts, " refuses more benign samples: ");
        say_bound(parts, rule_of(gate, "R6"), ", margin ");
        say(parts, ".");
    }
}

static void say_inconclusive(cJSON *parts, const cJSON *gate)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *r2 = rule_of(gate, "R2"), *rule;
    say(parts, "Not enough data to say: ");
    if (rule_says(gate, "R2", "INCONCLUSIVE")) {
        double wanted = points_number(json_object(r2, "numbers"), "pairs_wanted");
        say_bound(parts, r2, " crosses the margin of ");
        say(parts, ".");
        if (!isnan(wanted)) {
            (void)strbuf_addstr(&text, " About ");
            units_format_count((int64_t)wanted, &text);
            (void)strbuf_addstr(&text, " pairs would decide.");
            say(parts, text.buf);
        }
        return;
    }
    cJSON_ArrayForEach(rule, json_array(gate, "rules"))
    {
        if (is(json_string(rule, "verdict"), "INCONCLUSIVE")) {
            say_name(parts, json_string(rule, "text"));
            say(parts, ".");
            return;
        }
    }
}

static void add_sentence(const cJSON *gate, const cJSON *compare, const char *verdict, cJSON *json)
{
    cJSON *parts = cJSON_AddArrayToObject(json, "parts");
    if (is(verdict, "PASS")) {
        say_pass(parts, gate);
    } else if (is(verdict, "FAIL")) {
        say_fail(parts, gate, compare);
    } else if (is(verdict, "INCONCLUSIVE")) {
        say_inconclusive(parts, gate);
    } else {
        bool incomplete = is(verdict, "INCOMPLETE");
        say(parts, incomplete ? "No verdict: " : "These runs cannot be compared: ");
        say_name(parts, json_string(rule_of(gate, incomplete ? "R1" : "R0"), "text"));
        say(parts, incomplete ? "." : ". No difference is shown.");
    }
}

/* ---- the rules -------------------------------------------------------------------------------------------------- */

static const char *rule_name(const char *id)
{
    static const struct {
        const char *id, *name;
    } known[] = {
        { "R0", "Asked alike" },
        { "R1", "Enough of both answered" },
        { "R2", "Over all not worse by the margin" },
        { "R3", "No category worse" },
        { "R4", "Under the ceiling" },
        { "R5", "Holds whatever is missing" },
        { "R6", "Benign samples not refused more" },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (is(id, known[i].id))
            return known[i].name;
    }
    return "";
}

/* How a verdict of the gate looks: word, glyph, ink, and the class of the banner. */
struct look {
    const char *verdict, *word, *symbol, *ink, *tone;
};

static const struct look *look_of(const char *verdict)
{
    static const struct look known[] = {
        { "PASS", "PASS", "g-ok", "good", "pass" },          { "FAIL", "FAIL", "g-x", "bad", "fail" },
        { "INCONCLUSIVE", "INCONCLUSIVE", "g-q", "i2", "" }, { "NOT_COMPARABLE", "NOT COMPARABLE", "g-ne", "i2", "" },
        { "INCOMPLETE", "INCOMPLETE", "g-bang", "i2", "" },  { "NOT_APPLIED", "OFF", "g-dash", "i3", "" },
    };
    size_t i = 0;
    while (i < ARRAY_LEN(known) - 1 && !is(verdict, known[i].verdict))
        i++;
    return &known[i];
}

static void add_rules(const cJSON *gate, cJSON *json)
{
    static const char *const shown[] = { "pass", "fail", "unsure", "differs", "incomplete", "off" };
    static const char *const verdict[] = { "PASS", "FAIL", "INCONCLUSIVE", "NOT_COMPARABLE", "INCOMPLETE", "NOT_APPLIED" };
    const cJSON *rule;
    cJSON *list = cJSON_AddArrayToObject(json, "rules");
    cJSON_ArrayForEach(rule, json_array(gate, "rules"))
    {
        const char *its = json_string(rule, "verdict");
        const struct look *look = look_of(its);
        cJSON *row = view_item(list);
        size_t i = 0;
        while (i < ARRAY_LEN(verdict) - 1 && !is(its, verdict[i]))
            i++;
        view_text(row, "word", shown[i]);
        view_text(row, "symbol", look->symbol);
        view_text(row, "ink", look->ink);
        view_text(row, "row", is(its, "NOT_APPLIED") ? "off" : is(its, "PASS") ? "" : "hit");
        view_text(row, "id", json_string(rule, "id"));
        view_text(row, "what", rule_name(json_string(rule, "id")));
        view_prose(row, "numbers", json_string(rule, "text"));
    }
}

/* The verdicts of the other endpoints' gates, where there are several: the banner is of the one that decides. */
static void add_other_verdicts(const cJSON *model, cJSON *json)
{
    const cJSON *other;
    int number = 1;
    cJSON *list = cJSON_AddArrayToObject(json, "other_verdicts");
    cJSON_ArrayForEach(other, json_array(model, "others"))
    {
        const struct look *look = look_of(json_string(json_object(other, "gate"), "verdict"));
        cJSON *row = view_item(list);
        view_textf(row, "href", "#compare-%d", ++number);
        view_text(row, "endpoint", json_string(json_object(json_object(other, "compare"), "candidate"), "endpoint"));
        view_text(row, "word", look->word);
        view_text(row, "symbol", look->symbol);
        view_text(row, "ink", look->ink);
    }
    const char *decides = json_string(json_object(json_object(model, "compare"), "candidate"), "endpoint");
    view_text(json, "decides", number > 1 ? decides : NULL);
}

void view_add_decision(const cJSON *model, cJSON *banner)
{
    const cJSON *gate = json_object(model, "gate");
    if (!gate) {
        (void)cJSON_AddNullToObject(banner, "decision");
        view_text(banner, "tone", NULL);
        return;
    }
    const char *verdict = json_string(gate, "verdict");
    const struct look *look = look_of(verdict);
    cJSON *json = cJSON_AddObjectToObject(banner, "decision");
    view_text(banner, "tone", look->tone);
    (void)cJSON_ReplaceItemInObjectCaseSensitive(banner, "word", cJSON_CreateString(look->word));
    (void)cJSON_ReplaceItemInObjectCaseSensitive(banner, "symbol", cJSON_CreateString(look->symbol));
    view_textf(json, "exit", "%lld", (long long)figures_count(gate, "exit_code"));
    view_text(json, "watermark", json_string(gate, "watermark"));
    add_sentence(gate, json_object(model, "compare"), verdict, json);
    add_rules(gate, json);
    add_other_verdicts(model, json);
}
