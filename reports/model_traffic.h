/*
 * model_traffic - what the charts of latency and throughput are drawn from.
 *
 * latency_histogram  null, or {"edges_ms", "counts"}: answered trials by latency in bins of a tenth of a decade; count i lies
 *                    between edges i and i + 1
 * traffic            null, or {"start_at", "slot_s", "replies", "http_429", "http_5xx", "others"}: attempts by the time they
 *                    ended, one number per slot; over all sessions of a run, so a slot between two of them is empty
 */
#ifndef REPORTS_MODEL_TRAFFIC_H
#define REPORTS_MODEL_TRAFFIC_H

#include "stats/histogram.h"
#include "store/reader.h"

#include <cjson/cJSON.h>

enum { MAX_TRAFFIC_SLOTS = 120 };

void model_add_histogram(const struct histogram *h, cJSON *endpoint);
enum err model_add_traffic(struct store *s, int64_t endpoint_id, struct arena *a, cJSON *endpoint, struct error *e) MUST_CHECK;

#endif
