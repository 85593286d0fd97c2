#include "reports/calibration_text.h"

#include "base/json.h"
#include "reports/figures.h"

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
