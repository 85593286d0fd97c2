/*
 * trend_finding - what a history says, in sentences: formed once, for text, Markdown and the page.
 */
#ifndef REPORTS_TREND_FINDING_H
#define REPORTS_TREND_FINDING_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Adds `finding` to a history that has all its other members (model_trend.h). */
void trend_finding_add(cJSON *history);
/* One alarm: "attack success up: EWMA 12.3 %, limit 12.3 %, learned 12.1 %; began after 3f9k…". Texts from outside are not made safe. */
void trend_alarm_text(const cJSON *alarm, struct strbuf *out);
/* Raised up to the newest night, and not refuted by a run that asked again. */
bool trend_alarm_is_open(const cJSON *alarm);
/* The newest of the nights listed that is no run that asked again; NULL when there is none. */
const cJSON *trend_newest_night(const cJSON *history);
/* A metric in words: "attack success"; its value as people read it: "12.3 %", "41 tokens", "-" for null. */
const char *trend_metric_word(const char *metric);
void trend_value_text(const char *metric, const cJSON *value, struct strbuf *out);

#endif
