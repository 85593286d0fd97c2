/*
 * view_trend_chart - one control chart of model_trend.h as marks of an SVG (design.md section 2).
 *
 * Nights stand at equal distances; x is a percentage of the width. Single marks have y in pixels from `top` to
 * `top + height`; lines and bands are paths in a box of 100 × 100 that is stretched over the same rectangle.
 */
#ifndef REPORTS_VIEW_TREND_CHART_H
#define REPORTS_VIEW_TREND_CHART_H

#include <cjson/cJSON.h>

struct trend_box {
    int top, height; /* pixels */
};

/* {"metric", "grid", "learning", "limits", "ewma", "nights", "alarms", "eras", "dates"}: of a history's chart. Yours: cJSON_Delete. */
cJSON *trend_chart(const cJSON *history, const cJSON *chart, struct trend_box box);

#endif
