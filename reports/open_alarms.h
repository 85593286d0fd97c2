/*
 * open_alarms - what a person should hear of the newest night, and whether asking again at once said the same.
 *
 * A run with --confirm RUN asks again what RUN asked and is no night of its own. An alarm of RUN is confirmed when it is raised
 * with that run in the night's place, too: by the chart with its value, by the pairs, by the test of the answers, by what its
 * answers tell of who gave them. Charts of a category are many, and their alarms are not among these.
 */
#ifndef REPORTS_OPEN_ALARMS_H
#define REPORTS_OPEN_ALARMS_H

#include "reports/model_trend_charts.h"

#include <cjson/cJSON.h>

/* `tonight` of a history that has its charts and alarms: {"run": the newest counted night|null,"again": the run that confirms it|null,
   "alarms":[{"kind":"ewma"|"cusum"|"jump"|"pairs"|"answers"|"identity","metric"|null,"confirmed":true|false|null}],
   "open": those that were not refuted,"unconfirmed": those that nobody has asked again about}. */
void open_alarms_add(const struct trend_view *v, cJSON *history);

#endif
