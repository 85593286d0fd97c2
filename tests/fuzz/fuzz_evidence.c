/*
 * fuzz_evidence - one byte says who answers, the rest is the answer, about model "m" at provider "p".
 *
 * Whatever comes: what was told is an object of bounded texts, a level has its observation, and a thing does not differ from itself.
 */
#include "evidence/facts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return 0;
    CLEANUP(json_freep) cJSON *facts = cJSON_CreateObject();
    CLEANUP(strbuf_release) struct strbuf drift = STRBUF_INIT;
    const char *observed;
    const cJSON *group, *member;
    bool told = facts_add((enum evidence_kind)(bytes[0] % EVIDENCE_KIND_COUNT), (const char *)bytes + 1, len - 1, "m", "p", facts);
    must(told == (facts->child != NULL));
    cJSON_ArrayForEach(group, facts)
    {
        must(cJSON_IsObject(group) && group->child);
        cJSON_ArrayForEach(member, group) must(!cJSON_IsString(member) || strlen(member->valuestring) <= 256);
    }
    for (int routed = 0; routed < 2; routed++) {
        enum evidence level = facts_level(facts, routed, NULL, &observed);
        must((level != EVIDENCE_NONE) == (observed != NULL));
        must(!routed || level != EVIDENCE_VERIFIED);
    }
    facts_drift(facts, facts, &drift);
    must(drift.len == 0);
    return 0;
}
