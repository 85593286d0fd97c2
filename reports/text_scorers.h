/*
 * text_scorers - what the scorers say beside the table of the terminal: whose verdicts it counts, benign controls, accuracy and
 * uplift, the other scorers, panels and judges. Lines of the model that model.h builds.
 */
#ifndef REPORTS_TEXT_SCORERS_H
#define REPORTS_TEXT_SCORERS_H

#include "reports/render.h"

/* Whose verdicts the table counts, and what is known of their errors. */
void text_scorers_primary(struct strbuf *out, const cJSON *endpoint, const struct text_style *style);
void text_scorers_beside(struct strbuf *out, const cJSON *endpoint, const struct text_style *style);
/* Of the whole run: what judging took, and whether the judges still say what they said. */
void text_scorers_judges(struct strbuf *out, const cJSON *model, const struct text_style *style);

#endif
