/*
 * browser_bodies - texts and images of the chosen trials, in chunks of 512.
 *
 * A sample's body is written once, however many trials ask it; the two kinds have chunks of their own, numbered in the order in which
 * trials that are embedded come. Members without a value are left out. NAME_more = how many characters of NAME were cut off.
 *
 *   sample   prompt intent context (each with _more), images: [{path mime sha256 width height bytes thumb}]; thumb is
 *            here, missing, changed, unreadable, unknown or left_out: browser.h
 *   trial    answer reasoning refusal (with _more) model provider;
 *            scores: [{scorer primary verdict reason value rationale rationale_more votes: [{judge verdict value reason explanation}]}];
 *            attempts: [{number sent http class message retry_ms first_ms total_ms prompt completion (tokens) cost}], attempts_more;
 *            base: {id answer reasoning refusal (with _more)}, what the baseline answered, where both may be shown: beside every trial
 *            with --embed all, else beside those whose verdict there was another
 *
 * With browser_options.chunk each is a script of its own instead, which calls gauntletChunk(STAMP, N, "base64 of gzip"): the chunks of
 * samples first, then those of trials. The stamp is that of the page, so that a page takes no other's chunks for its own.
 *
 * Invalid UTF-8 is U+FFFD and NUL is U+2400; nothing else is made safe: the page writes them with textContent only.
 */
#ifndef REPORTS_BROWSER_BODIES_H
#define REPORTS_BROWSER_BODIES_H

#include "reports/browser.h"
#include "reports/browser_rows.h"

enum { BROWSER_CHUNK = 512, BROWSER_MAX_ATTEMPTS = 20, BROWSER_MAX_VOTES_BYTES = 32 * 1024 };

/* Appends one body as a JSON object; `thumb` (by image; NULL = all unknown) has a state each. For whoever serves single bodies, too. */
void browser_sample_body(const struct trial_detail *t, const enum browser_thumb *thumb, struct strbuf *out);
/* `base`: the trial that it is held against; NULL = none. */
void browser_trial_body(const struct trial_detail *t, const struct trial_detail *base, struct strbuf *out);

/* Every embedded trial of `r`; counts thumbnails in *size. */
enum err browser_bodies_write(struct store *s, const struct browser_rows *r, const struct browser_options *options, const char *stamp,
                              struct page_out *out, struct browser_size *size, struct error *e) MUST_CHECK;

#endif
