/*
 * model_trend_charts - which rates of a history are charted, and their values night by night.
 */
#ifndef REPORTS_MODEL_TREND_CHARTS_H
#define REPORTS_MODEL_TREND_CHARTS_H

#include "reports/charts.h"
#include "reports/republish.h"

#include <cjson/cJSON.h>

/* A history as it is made into a tree. */
struct trend_view {
    const struct history *h;
    const struct eras *eras;
    const struct republish *republish;
    size_t first_shown, learn;
    struct arena *arena;
};

/* Every metric of one night as a member of `metrics`. */
void trend_metrics_add(const struct trend_view *v, size_t night, cJSON *metrics);
/* `charts` and `alarms` of a history (model_trend.h). */
void trend_charts_add(const struct trend_view *v, cJSON *history);

#endif
