/*
 * charts - control charts of one rate after the other over the nights of a history (statistics.md section 10).
 *
 * Each era is charted by itself: its first counted nights, 10 or more, are the learning phase (mean, and sigma from moving ranges), the
 * nights after them are watched with EWMA, CUSUM and Shewhart's 4 sigma. Fewer nights are shown and raise no alarm.
 */
#ifndef REPORTS_CHARTS_H
#define REPORTS_CHARTS_H

#include "reports/eras.h"
#include "reports/history.h"

#include <cjson/cJSON.h>

enum { LEARNING_NIGHTS = 10 };

/* One value a night. The category is NULL for all attack samples. */
struct chart {
    const char *metric, *category;
    const double *value; /* of each night; NaN = not known */
    int64_t n;           /* what a night's value is counted over; 1 for a number that is no share */
    double decoding;     /* the part of a value's variance that is decoding; 0 = not known */
};

struct chart_nights {
    const struct history *h;
    const struct eras *eras;
    size_t first_shown; /* points of earlier nights are counted and not listed */
    size_t learn;       /* counted nights of an era that teach its limits; at least LEARNING_NIGHTS */
};

/* {"metric","category","eras":[{"era","learned","enough","mean","sigma","moving_range","floor","binomial_se"}],"points":[{"run","era",
   "value","phase":"learning"|"watched","ewma","lower","upper","cusum_above","cusum_below","alarms":["ewma","cusum","jump"]}]}: the
   members after phase only of watched nights.
   Each beginning of an alarm is added to `alarms`: {"run","at","era","metric","category","kind","direction":"up"|"down","value","mean",
   "sigma","ewma","limit","last_quiet","nights","open","confirmed"}: it lasted that many nights, open = up to the last one; last_quiet = the run
   whose C was 0 last, after which the change began; confirmed = it is raised with the value of a run that asked again (eras.h), too;
   null = nobody did. */
cJSON *chart_json(const struct chart *c, const struct chart_nights *nights, cJSON *alarms);

#endif
