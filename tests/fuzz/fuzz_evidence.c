/*
 * fuzz_evidence - one byte says who answers, the rest is the answer, about model "m" at provider "p"; it is read as a catalogue, too.
 *
 * Whatever comes: what was told is an object of bounded texts, a level has its observation, and a thing does not differ from itself.
 */
#include "evidence/catalogue.h"
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

static void read_catalogue(const char *text, size_t len)
{
    struct arena a = ARENA_INIT;
    struct catalogue c;
    if (catalogue_read(text, len, &a, &c, NULL) == OK) {
        for (size_t i = 0; i < c.count; i++)
            must(strlen(c.row[i].model) <= 256 && strlen(c.row[i].provider) <= 256 && !(c.row[i].price_output < 0));
    }
    arena_release(&a);
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
    read_catalogue((const char *)bytes + 1, len - 1);
    return 0;
}
