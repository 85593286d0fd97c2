#include "engine/selection.h"

bool selection_accepts(const struct suite_select *select, const struct sample *sample)
{
    return !select ||
           (select_list_accepts(&select->categories, sample->category) &&
            select_list_accepts(&select->subcategories, sample->subcategory) && select_list_accepts(&select->attacks, sample->attack) &&
            select_list_accepts(&select->intents, sample->intent_id) && select_list_accepts(&select->samples, sample->id));
}

struct intake_options selection_intake(const struct suite *suite)
{
    static const enum intake_order order[] = {
        [ORDER_FILE] = INTAKE_FILE, [ORDER_RANDOM] = INTAKE_RANDOM, [ORDER_STRATIFIED] = INTAKE_STRATIFIED
    };
    return (struct intake_options){
        .order = suite->select.per_intent ? INTAKE_PER_INTENT : order[suite->select.order],
        .seed = suite->select.seed,
        .limit = suite->select.limit,
        .shard_count = 1,
        .epochs = suite->epochs,
    };
}
