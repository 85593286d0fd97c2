/*
 * browser_meta - the sample browser's blocks of numbers and names: browser-meta, browser-columns, browser-names.
 *
 * browser-columns are little-endian arrays behind each other, each at a multiple of four; browser-meta says for each `name`, `type`
 * (u8, u16, u32, i32, f32), `at` (byte), `count`, and `delta`: written as the difference to the row before, so that what goes up
 * one by one costs nothing. Unknown numbers are 4294967295, an unknown score is NaN, no baseline is 255.
 *
 *   of trials    id sample reason finish latency (ms) prompt_tokens completion_tokens score epoch endpoint verdict base flags
 *   of samples   sample_intent sample_rank (place by key) sample_category sample_subcategory sample_attack sample_flags
 *
 * `id` counts from meta.first_id. Flags: browser_rows.h.
 */
#ifndef REPORTS_BROWSER_META_H
#define REPORTS_BROWSER_META_H

#include "reports/browser.h"
#include "reports/browser_rows.h"

#include <cjson/cJSON.h>

/* The block browser-meta as a tree; yours. */
cJSON *browser_meta(const struct browser_rows *r, const struct browser_options *options, const struct browser_size *size);
/* The bytes of browser-columns, piece by piece. */
enum err browser_columns(const struct browser_rows *r, page_write_fn *write, void *context, struct error *e) MUST_CHECK;
/* {"key": […], "intent": […]}, piece by piece. */
enum err browser_names(const struct browser_rows *r, page_write_fn *write, void *context, struct error *e) MUST_CHECK;

#endif
