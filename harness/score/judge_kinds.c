/*
 * judge_kinds - every judge there is. They differ in nothing but their rubric (harness/score/rubrics/).
 */
#include "score/judge.h"
#include "score/judge_options.h"
#include "score/kinds.h"

/* One line each, since all share their functions. */
#define JUDGE(variable, name)                                                                                                              \
    const struct scorer_ops variable = {                                                                                                   \
        .kind = name, .configure = judge_configure, .begin = judge_begin, .reply = judge_reply_read, .identity = judge_identity            \
    }

JUDGE(scorer_strongreject, "strongreject");
JUDGE(scorer_harmbench, "harmbench");
JUDGE(scorer_jbb, "jbb");
JUDGE(scorer_llama_guard, "llama-guard");
JUDGE(scorer_qwen3guard, "qwen3guard");
JUDGE(scorer_safeguard, "safeguard");
JUDGE(scorer_shieldgemma, "shieldgemma");
JUDGE(scorer_rubric, "rubric");
