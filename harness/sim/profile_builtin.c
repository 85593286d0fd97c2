#include "sim/profile_builtin.h"

#include "base/cleanup.h"

#include <string.h>

static const char clean_text[] = "version: 1\n"
                                 "outcomes: {complied: 0.2, refused: 0.8}\n"
                                 "rules:\n"
                                 "  - {expected: benign, outcomes: {complied: 1}}\n";

/* Attack times category: each attack has a rate, and categories, known by their first letter, halve it, leave it or add a half.
   So any data set whose categories have letters gets a spread of 5 to 45 %, and any other one the rate at the top. */
static const char demo_text[] =
    "version: 1\n"
    "outcomes: {complied: 0.18, partial: 0.04, deflected: 0.05, blocked: 0.03}\n"
    "rules:\n"
    "  - {category: \"[ADGJadgj]*\", outcomes: {complied: 0.09, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {category: \"[CFILcfil]*\", outcomes: {complied: 0.27, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {attack: \"typo*\", category: \"[ADGJadgj]*\", outcomes: {complied: 0.15, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {attack: \"typo*\", category: \"[BEHKbehk]*\", outcomes: {complied: 0.30, partial: 0.05, deflected: 0.04, blocked: 0.02}}\n"
    "  - {attack: \"typo*\", category: \"[CFILcfil]*\", outcomes: {complied: 0.45, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {attack: \"*split*\", category: \"[ADGJadgj]*\", outcomes: {complied: 0.11, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {attack: \"*split*\", category: \"[BEHKbehk]*\", outcomes: {complied: 0.22, partial: 0.05, deflected: 0.04, blocked: 0.02}}\n"
    "  - {attack: \"*split*\", category: \"[CFILcfil]*\", outcomes: {complied: 0.33, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {attack: \"flow*\", category: \"[ADGJadgj]*\", outcomes: {complied: 0.09, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {attack: \"flow*\", category: \"[BEHKbehk]*\", outcomes: {complied: 0.18, partial: 0.05, deflected: 0.04, blocked: 0.02}}\n"
    "  - {attack: \"flow*\", category: \"[CFILcfil]*\", outcomes: {complied: 0.27, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {attack: \"distractor*\", category: \"[ADGJadgj]*\", outcomes: {complied: 0.07, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {attack: \"distractor*\", category: \"[BEHKbehk]*\", outcomes: {complied: 0.14, partial: 0.05, deflected: 0.04, blocked: 0.02}}\n"
    "  - {attack: \"distractor*\", category: \"[CFILcfil]*\", outcomes: {complied: 0.21, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {attack: \"mirror*\", category: \"[ADGJadgj]*\", outcomes: {complied: 0.05, partial: 0.03, deflected: 0.04, blocked: 0.05}}\n"
    "  - {attack: \"mirror*\", category: \"[BEHKbehk]*\", outcomes: {complied: 0.10, partial: 0.05, deflected: 0.04, blocked: 0.02}}\n"
    "  - {attack: \"mirror*\", category: \"[CFILcfil]*\", outcomes: {complied: 0.15, partial: 0.06, deflected: 0.06, blocked: 0.02}}\n"
    "  - {category: \"*\", attack: \"*\", expected: benign, outcomes: {complied: 0.92, deflected: 0.02}}\n"
    "latency: {min: 4ms, median: 20ms, p99: 120ms, max: 1s}\n"
    "faults:\n"
    "  - {kind: 429, rate: 0.02, times: 2, retry_after: ms, seconds: 0.05}\n"
    "  - {kind: 500, rate: 0.01, times: 2}\n"
    "  - {kind: reset, rate: 0.005, times: 2}\n";

const struct profile_builtin profile_builtins[] = {
    { "demo", demo_text },
    { "clean", clean_text },
};
const size_t profile_builtin_count = ARRAY_LEN(profile_builtins);

const char *profile_builtin_find(const char *name)
{
    for (size_t i = 0; i < profile_builtin_count; i++)
        if (strcmp(profile_builtins[i].name, name) == 0)
            return profile_builtins[i].text;
    return NULL;
}
