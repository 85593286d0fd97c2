/*
 * calibrate_data - a labelled file against the verdicts in one of its columns, or those of a scorer: rows for calibration.
 *
 * A row counts when its label and its verdict are both positive or negative; anything else makes it invalid: it is counted and
 * listed, never guessed.
 */
#ifndef ENGINE_CALIBRATE_DATA_H
#define ENGINE_CALIBRATE_DATA_H

#include "base/arena.h"
#include "score/scorer.h"
#include "stats/calibration.h"

/* A verdict from outside; known = false for a record that was not asked about. */
struct file_verdict {
    bool known;
    enum verdict verdict;
    const char *reason; /* of unscored */
};

/* What a positive, or a negative, label or verdict may say. */
struct truth_words {
    const char *const *word;
    size_t count; /* 0 = 1, yes, true, unsafe, or their opposites, whatever the case */
};

struct calibrate_source {
    const char *path;
    const char *label;                 /* one column, or several with commas: their majority */
    const char *verdict;               /* the column with the judge's verdict; NULL with a scorer or `judged` */
    const struct scorer *scorer;       /* a rule */
    const struct file_verdict *judged; /* what judges said (judge_file.h): of each record by its number; NULL = none */
    size_t judged_count;
    struct truth_words positive, negative; /* with positive ones of the usual words alone, negative are their opposites */
    const char *intent, *answer, *group; /* columns; NULL = every row its own cluster; `answer`, else `generation`, `response`, …; none */
};

struct calibrate_invalid {
    int64_t line;
    const char *why; /* in the arena */
};
struct calibrate_rows {
    struct calibration_row *row; /* in file order */
    uint32_t *group;             /* of each row: index into group_name */
    size_t count;
    const char **group_name;
    size_t group_count;
    struct calibrate_invalid *invalid;
    size_t invalid_count;
};

/* Everything is in `a`. ERR_INVALID for a column that the file does not have, with the columns it has. */
enum err calibrate_data_read(const struct calibrate_source *source, struct arena *a, struct calibrate_rows *ret_rows,
                             struct error *e) MUST_CHECK;

/* Every record that has a label and an answer, for judges: `number` counts all records of the file from 0. Borrowed until `each`
   returns; its error ends the walk. */
typedef enum err file_answer_fn(size_t number, const char *intent, const char *answer, void *context, struct error *e);
enum err calibrate_answers_each(const struct calibrate_source *source, file_answer_fn *each, void *context, struct error *e) MUST_CHECK;

#endif
