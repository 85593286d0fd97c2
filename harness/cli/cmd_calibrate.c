/*
 * calibrate: how a scorer's verdicts agree with people's, and what the rates are once its errors are taken out.
 */
#include "cli/calibrate_file.h"
#include "cli/calibrate_run.h"
#include "cli/command.h"

static enum exit_code run(const struct options *o)
{
    struct error e;
    struct workspace w = WORKSPACE_INIT;
    enum err rc;
    enum exit_code done = EXIT_OK;
    bool data = option_given(o, OPT_DATA);
    if (data && option_given(o, OPT_LABELLER))
        rc = error_set(&e, ERR_INVALID, "--labeller chooses labels of a RUN; of a file --label names the columns");
    else if (data == (o->argument_count > 0))
        rc = error_set(&e, ERR_INVALID, "calibrate wants a RUN or --data FILE");
    else if (data)
        rc = common_load_settings(&w, o, true, &e) == OK ? calibrate_file_print(&w, o, &done, &e) : e.code;
    else
        rc = calibrate_run_print(&w, o, &e);
    enum exit_code code = rc == OK ? done : rc == ERR_NO_MATCH ? EXIT_NO_VERDICT : common_fail(&e);
    if (rc == ERR_NO_MATCH)
        (void)common_fail(&e);
    common_close(&w);
    return code;
}

const struct command cmd_calibrate = {
    .name = "calibrate",
    .arguments = "[RUN]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_DATA, OPT_SCORER, OPT_VERDICT, OPT_LABEL, OPT_POSITIVE, OPT_NEGATIVE, OPT_INTENT, OPT_ANSWER, OPT_GROUP,
                           OPT_LABELLER, OPT_BUDGET),
    .help = "how a scorer's verdicts agree with people's",
    .manual = "Of a RUN: its human labels (`gauntlet label import`) against its primary scorer, or the one that --scorer names; the\n"
              "confusion matrix first, then accuracy, precision, recall, F1, kappa and AC1, sensitivity and specificity with\n"
              "intervals over intents, per category, attack and endpoint, and each endpoint's rate with the judge's errors taken out.\n"
              "A run without labels is held against those of other runs that had the same scorer. Where several people labelled an\n"
              "answer their majority counts, and an answer on which they are even is left out and counted; --labeller NAME (repeatable)\n"
              "lets only these people's labels count.\n"
              "With --data FILE: an outside file (CSV, JSONL, JSON). --label names the column with the human label, --verdict that\n"
              "with the judge's, or --scorer a scorer that scores the answers now: a rule, or a judge of the configuration, which is\n"
              "asked as in a run, with its limits, its canary and --budget; --intent names the column that says what was wanted. A\n"
              "value that is neither positive nor negative makes its row invalid: it is counted and listed, never guessed. JSON may be an\n"
              "array of records, or records or lists of them by key. Without --answer `answer`, `generation`, `response` and some\n"
              "others are looked for.\n",
    .run = run,
};
