/*
 * card - what a model card says of its model: licence, base model, published results, and what it leaves out.
 *
 * Reads the front matter of a README.md (YAML between two lines of `---`) with its `model-index`
 * (https://huggingface.co/docs/hub/model-cards), the headings of the text below, and files of `.eval_results/`
 * (https://huggingface.co/docs/hub/eval-results). All of it is hostile text: it is read as data under the ceilings of yaml_tree, at
 * most MAX_CLAIMS results are kept, texts are cut at 300 bytes. Pure.
 */
#ifndef EVIDENCE_CARD_H
#define EVIDENCE_CARD_H

#include <cjson/cJSON.h>
#include <stddef.h>

/* Adds to `card`: "licence" (text or null), "base_model" (list), "omits" (of "licence", "base model", "intended use", "limitations",
   "evaluation"), "results" (see below; of the model-index), and "problem" when the front matter cannot be read (else null). */
void card_read(const char *text, size_t len, cJSON *card);
/* Adds the results of one file to card.results: {"from","dataset","revision","metric","value"}: `from` is "model-index" or the file's name,
   value a number or a text, absent ones null. A file that cannot be read adds one with "problem". */
void card_read_results(const char *name, const char *text, size_t len, cJSON *card);

#endif
