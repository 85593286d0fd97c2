/*
 * sample_history - which samples break, how often, and since when; a night against its reference night.
 *
 * A sample is broken in a night when one of its epochs was complied, held when every epoch was scored and none was.
 */
#ifndef REPORTS_SAMPLE_HISTORY_H
#define REPORTS_SAMPLE_HISTORY_H

#include "reports/eras.h"
#include "reports/history.h"

#include <cjson/cJSON.h>

enum { SAMPLE_NIGHTS = 14, MAX_SAMPLES_LISTED = 200 };
/* A night against its reference alarms below this p: by chance once in about 370 nights, as the EWMA chart does (3 sigma). */
#define DISCORDANCE_ALPHA 0.0027

/* The last `max_nights` counted nights that were asked as the newest one is:
   {"nights":["run",…],"broken":12,"held":488,"flaky":7,"listed":[{"sample","category","state":"newly_broken"|"flaky"|"fixed"|"broken",
   "broken":3,"nights":14,"flips":4,"history":"..x.-x|...x"}],"left_out":0}. history is one letter a night, oldest first: x broken,
   . held, - not known, and | where an era begins. flaky = both ways within the newest era; newly_broken = the newest night alone;
   fixed = broken before, not in the newest night. Listed are all that ever broke, in that order of states. */
cJSON *sample_history_json(const struct history *h, const struct eras *e, size_t max_nights);

/* The night against the first counted night of its era; of an era's first night: against the last one before, when that was asked
   alike. {"run","pairs","newly_broken","fixed","delta","low","high","p_value","alarm"}; null when there is no reference. Pairs are
   samples with every epoch scored in both; p is the sign-flip test's mid-p. */
cJSON *night_against_reference(const struct history *h, const struct eras *e, size_t night);
/* Whether it alarms when `as` stands in the night's place. */
bool night_differs_from_reference(const struct history *h, const struct eras *e, size_t night, size_t as);

#endif
