#include "reports/calibration_text.h"

#include "base/json.h"
#include "reports/figures.h"
#include "reports/points.h"

#include <math.h>
#include <string.h>

static void add_corrected(const cJSON *calibration, struct strbuf *out)
{
    double theta = 0, low, high;
    int64_t labels = figures_count(calibration, "labels");
    (void)json_number(calibration, "theta", &theta);
    (void)strbuf_addf(out, "corrected ASR %.1f %%", 100 * theta);
    if (json_number(calibration, "low", &low) && json_number(calibration, "high", &high))
        (void)strbuf_addf(out, " [%.1f, %.1f]", 100 * low, 100 * high);
    (void)strbuf_addf(out, " by %s, %lld label%s", json_string(calibration, "method"), (long long)labels, labels == 1 ? "" : "s");
}

void calibration_text(const cJSON *calibration, struct strbuf *out)
{
    const char *state = json_string(calibration, "state"), *note = json_string(calibration, "note");
    bool corrected = state && strcmp(state, "corrected") == 0;
    if (corrected)
        add_corrected(calibration, out);
    else if (state && strcmp(state, "uncorrected") == 0)
        (void)strbuf_addstr(out, "uncorrected judge ASR");
    else
        (void)strbuf_addstr(out, state && strcmp(state, "refused") == 0 ? "not corrected" : "not calibrated");
    if (note)
        (void)strbuf_addf(out, "%s%s", corrected ? "; " : ": ", note);
}

void calibration_difference_text(const cJSON *corrected, struct strbuf *out)
{
    const char *method = json_string(corrected, "method"), *note = json_string(corrected, "note");
    if (!cJSON_IsObject(corrected))
        return;
    (void)strbuf_addf(out, "%scorrected for the scorer's errors: ", method ? "" : "not ");
    if (method) {
        int decimals = points_decimals(corrected);
        int64_t labels = figures_count(corrected, "labels");
        if (!isnan(points_number(corrected, "base"))) {
            points_plain(points_number(corrected, "base"), 1, out);
            (void)strbuf_addstr(out, " -> ");
            points_plain(points_number(corrected, "candidate"), 1, out);
            (void)strbuf_addstr(out, " %, ");
        }
        points_signed(points_number(corrected, "delta"), decimals, out);
        (void)strbuf_addstr(out, " pp ");
        points_interval(points_number(corrected, "low"), points_number(corrected, "high"), decimals, out);
        (void)strbuf_addf(out, " by %s, %lld label%s%s", method, (long long)labels, labels == 1 ? "" : "s", note ? "; " : "");
    }
    (void)strbuf_addstr(out, note ? note : "");
}

void calibration_scale_text(const cJSON *compare, struct strbuf *out)
{
    const cJSON *scale = json_object(compare, "judge_scale");
    const char *state = json_string(scale, "state");
    if (!state || strcmp(state, "known") != 0)
        return;
    points_margin(points_number(compare, "policy_margin"), out);
    (void)strbuf_addf(out, " pp x Youden's J %.2f [%.2f, %.2f] of %lld labels", points_number(scale, "youden"), points_number(scale, "low"),
                      points_number(scale, "high"), (long long)figures_count(scale, "labels"));
}
