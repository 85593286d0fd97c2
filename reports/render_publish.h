/*
 * render_publish - a run's headline in the two forms that model pages of the Hugging Face Hub read.
 *
 *   eval-results  a file for .eval_results/ in the model's repository: a list with one entry
 *                 (https://huggingface.co/docs/hub/eval-results)
 *   model-index   the `model-index` of a model card's front matter, with every headline rate
 *                 (https://huggingface.co/docs/hub/model-cards)
 *
 * Files only: nothing is pushed. Never `verified`, never a token: those are for others to give. Texts are quoted as JSON strings, which
 * YAML reads alike. A what-if and a run too incomplete for a verdict are not published.
 */
#ifndef REPORTS_RENDER_PUBLISH_H
#define REPORTS_RENDER_PUBLISH_H

#include "base/err.h"
#include "base/strbuf.h"

#include <cjson/cJSON.h>

struct publish_options {
    const char *endpoint; /* NULL = the only one */
    const char *dataset;  /* "org/name" on the Hub; NULL = the data set's source */
    const char *task;     /* task of the data set's eval.yaml; NULL = "default" */
};

/* ERR_INVALID, with what to do, when the run is not for publishing, or data set or endpoint are not clear. */
enum err render_eval_results(const cJSON *model, const struct publish_options *options, struct strbuf *out, struct error *e) MUST_CHECK;
enum err render_model_index(const cJSON *model, const struct publish_options *options, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
