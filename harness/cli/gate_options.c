#include "cli/gate_options.h"

#include "config/suite_gate.h"

enum err gate_options_allowed(const struct options *o, struct allowed_fields *ret_allowed, struct error *e)
{
    *ret_allowed = (struct allowed_fields){ o->option[OPT_ALLOW_MISMATCH].value, o->option[OPT_ALLOW_MISMATCH].count };
    return comparability_check_fields(ret_allowed, e);
}

enum err gate_options_policy(const struct options *o, const struct run_row *run, struct gate_policy *ret, struct error *e)
{
    const char *path = option_value(o, OPT_POLICY);
    if (gate_policy_of_suite(run->suite_json, ret, e) != OK || (path && suite_gate_load(path, ret, e) != OK))
        return e->code;
    size_t undecided = ret->undecided;
    enum err rc = option_choice(o, OPT_INCONCLUSIVE, gate_undecided_name, GATE_UNDECIDED_COUNT, &undecided, e);
    ret->undecided = (enum gate_undecided)undecided;
    return rc;
}
