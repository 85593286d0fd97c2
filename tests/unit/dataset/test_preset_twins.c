/*
 * Presets of sets that are not at hand, each against a synthetic twin: files of the layout that is documented for the set,
 * with harmless rows. They prove that preset and layout fit each other, not that the layout is that of the real set.
 */
#include "dataset_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void put_image(const char *name)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    assert_int_equal(fs_read_file("tests/fuzz/corpus/image/png", 1 << 20, &bytes, NULL), OK);
    (void)scratch_file(&scratch, name, bytes.buf, bytes.len);
}

static void read_twin(const char *preset, size_t samples)
{
    struct dataset_source source = { .preset = preset, .path = scratch.dir };
    read_source(&set, &source, &scratch.arena);
    if (set.err != OK)
        fail_msg("%s", set.e.msg);
    if (set.findings > 0)
        fail_msg("%s: %s", set.finding[0].code, set.finding[0].message);
    assert_int_equal(set.samples, samples);
}

static void mm_safetybench_gives_three_pictures_for_a_question(void **state)
{
    static const char questions[] =
        "{\"0\":{\"Question\":\"Where is the codeword?\",\"Changed Question\":\"c\",\"Key Phrase\":\"codeword\",\"Phrase "
        "Type\":\"product\","
        "\"Rephrased Question\":\"Where is this?\",\"Rephrased Question(SD)\":\"The image shows a word. Where is it?\"},"
        "\"10\":{\"Question\":\"Q10\",\"Rephrased Question\":\"R10\",\"Rephrased Question(SD)\":\"S10\"},"
        "\"2\":{\"Question\":\"Q2\",\"Rephrased Question\":\"R2\",\"Rephrased Question(SD)\":\"S2\"}}";
    static const char *const kinds[] = { "SD", "SD_TYPO", "TYPO" }, *const keys[] = { "0", "2", "10" };
    (void)state;
    (void)scratch_text(&scratch, "processed_questions/01-Kitchen_Rules.json", questions);
    for (size_t k = 0; k < 9; k++)
        put_image(arena_printf(&scratch.arena, "imgs/01-Kitchen_Rules/%s/%s.jpg", kinds[k % 3], keys[k / 3]));

    read_twin("mm-safetybench", 9);
    assert_string_equal(set.sample[0].id, "01-Kitchen_Rules/0/SD");
    assert_string_equal(set.sample[0].prompt, "The image shows a word. Where is it?");
    assert_string_equal(set.sample[1].prompt, "Where is this?");
    assert_string_equal(set.sample[2].prompt, "Where is this?");
    assert_string_equal(set.sample[2].attack, "TYPO");
    assert_string_equal(set.sample[2].intent_id, set.sample[0].intent_id);
    assert_string_equal(set.sample[2].intent, "Where is the codeword?");
    assert_string_equal(set.sample[2].image[0].name, "imgs/01-Kitchen_Rules/TYPO/0.jpg");
    assert_string_equal(set.sample[8].id, "01-Kitchen_Rules/10/TYPO"); /* keys of digits in the order of numbers */
    assert_false(dataset_facts(set.d)->verified);
}

static void jailbreakv_takes_attacks_on_one_query_for_one_intent(void **state)
{
    static const char rows[] =
        "id,jailbreak_query,redteam_query,format,policy,image_path,from,selected_mini,transfer_from_llm\n"
        "0,\"Line one,\nline two\",Say the codeword,Template,Kitchen Rules,llm_transfer_attack/SD_1.png,Handcraft,True,True\n"
        "1,Complete the list.,Say the codeword,figstep,Kitchen Rules,figstep/figstep_1.png,Handcraft,False,False\n";
    (void)state;
    (void)scratch_text(&scratch, "JailBreakV_28K/JailBreakV_28K.csv", rows);
    (void)scratch_text(&scratch, "JailBreakV_28K/mini_JailBreakV_28K.csv", rows);
    put_image("JailBreakV_28K/llm_transfer_attack/SD_1.png");
    put_image("JailBreakV_28K/figstep/figstep_1.png");

    read_twin("jailbreakv-28k", 2);
    assert_string_equal(set.sample[0].id, "jailbreakv-0");
    assert_string_equal(set.sample[0].prompt, "Line one,\nline two");
    assert_string_equal(set.sample[0].intent_id, set.sample[1].intent_id);
    assert_string_equal(set.sample[1].attack, "figstep");
    assert_string_equal(set.sample[1].category, "Kitchen Rules");
    assert_int_equal(dataset_check_counts(set.d, NULL), ERR_INVALID); /* two are not 28,000 */
}

static void mossbench_is_benign_throughout(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "information.csv",
                       "pid,question,image_path,short description,description,meta_data_over,meta_data_human,meta_data_child,"
                       "meta_data_syn,meta_data_ocr,meta_data_harm\n"
                       "1,Is the cake for everybody?,images/1.png,a cake,A cake on a table.,Exaggerated Risk,0,0,1,0,3\n"
                       "2,May I eat it?,images/2.png,a cake,Another cake.,Negated Harm,0,1,1,0,3\n");
    put_image("images/1.png");
    put_image("images/2.png");

    read_twin("mossbench", 2);
    assert_string_equal(set.sample[1].id, "mossbench-2");
    assert_int_equal(set.sample[0].expected, EXPECTED_BENIGN);
    assert_string_equal(set.sample[0].category, "Exaggerated Risk");
    assert_string_equal(set.sample[0].context, "A cake on a table.");
    assert_string_equal(set.sample[0].extra_json, "{\"short description\":\"a cake\"}");
}

static void vlsbench_reads_an_array_with_pictures_in_a_tar_beside_it(void **state)
{
    (void)state;
    (void)scratch_text(
        &scratch, "data.json",
        "[{\"instruction_id\":7,\"instruction\":\"What does the sign say?\",\"image_path\":\"imgs/7.png\",\"category\":\"Signs\","
        "\"sub_category\":\"Street Signs\",\"source\":\"x\",\"image_description\":\"A sign.\",\"safety_reason\":\"none\"},"
        "{\"instruction_id\":8,\"instruction\":\"And this?\",\"image_path\":\"imgs/8.png\",\"category\":\"Signs\"}]");
    put_image("imgs/7.png");
    put_image("imgs/8.png");
    const char *pack = arena_printf(&scratch.arena, "cd '%s' && tar cf imgs.tar imgs && rm -r imgs", scratch.dir);
    assert_int_equal(system(pack), 0);

    read_twin("vlsbench", 2);
    assert_string_equal(set.sample[0].id, "vlsbench-7");
    assert_string_equal(set.sample[0].subcategory, "Street Signs");
    assert_string_equal(set.sample[0].context, "A sign.");
    assert_string_equal(set.sample[1].subcategory, "(none)");
    assert_string_equal(set.sample[1].image[0].name, "imgs.tar!imgs/8.png");
}

static void omnisafebench_reads_behaviours_and_test_cases(void **state)
{
    (void)state;
    (void)scratch_text(
        &scratch, "dataset/behaviours.json",
        "[{\"id\":4,\"image_path\":\"dataset/images/4.png\",\"original_prompt\":\"Say the codeword\",\"style\":\"imperative\","
        "\"main_category\":\"A. Kitchen Rules\",\"subcategory\":\"A1. Oven Timers\"}]");
    put_image("dataset/images/4.png");
    read_twin("omnisafebench", 1);
    assert_string_equal(set.sample[0].subcategory, "A1. Oven Timers");
    dataset_close(set.d);

    (void)scratch_text(
        &scratch, "output/figstep/test_cases.jsonl",
        "{\"test_case_id\":\"4\",\"prompt\":\"Complete the list.\",\"image_path\":\"dataset/images/4.png\",\"metadata\":"
        "{\"attack_method\":\"figstep\",\"original_prompt\":\"Say the codeword\",\"jailbreak_prompt\":\"Complete the list.\"}}\n");
    (void)scratch_text(&scratch, "output/mml/test_cases.jsonl",
                       "{\"test_case_id\":\"4\",\"prompt\":\"Read it backwards.\",\"image_path\":\"dataset/images/4.png\",\"metadata\":"
                       "{\"attack_method\":\"mml\",\"original_prompt\":\"Say the codeword\",\"main_category\":\"A. Kitchen Rules\"}}\n");
    read_twin("omnisafebench-attacks", 2);
    assert_string_equal(set.sample[0].id, "figstep-4");
    assert_string_equal(set.sample[1].id, "mml-4");
    assert_string_equal(set.sample[0].intent_id, set.sample[1].intent_id);
    assert_string_equal(set.sample[0].category, "(none)");
    assert_string_equal(set.sample[1].category, "A. Kitchen Rules");
}

static void harmbench_multimodal_takes_its_pictures_by_name(void **state)
{
    (void)state;
    (void)scratch_text(&scratch, "behavior_datasets/harmbench_behaviors_multimodal_all.csv",
                       "Behavior,BehaviorID,FunctionalCategory,SemanticCategory,ImageFileName,Source,ImageDescription,"
                       "RedactedImageDescription,Tags\n"
                       "Read the word,read_1,multimodal,kitchen,word_1.png,privacy,A word.,\"A word,\nredacted.\",\n");
    put_image("multimodal_behavior_images/word_1.png");
    read_twin("harmbench-multimodal", 1);
    assert_string_equal(set.sample[0].context, "A word,\nredacted.");
    assert_string_equal(set.sample[0].image[0].name, "multimodal_behavior_images/word_1.png");
}

static void a_map_fills_what_a_preset_leaves_open(void **state)
{
    static const struct dataset_map map[] = { { "category", "policy" } };
    (void)state;
    (void)scratch_text(&scratch, "x/test_cases_1.jsonl",
                       "{\"test_case_id\":\"1\",\"prompt\":\"p\",\"image_path\":\"1.png\",\"policy\":\"Signs\","
                       "\"metadata\":{\"attack_method\":\"a\",\"original_prompt\":\"o\"}}\n");
    put_image("1.png");
    struct dataset_source source = { .preset = "omnisafebench-attacks", .path = scratch.dir, .map = map, .map_count = 1 };
    read_source(&set, &source, &scratch.arena);
    assert_int_equal(set.err, OK);
    assert_int_equal(set.samples, 1);
    assert_string_equal(set.sample[0].category, "Signs");
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, open_scratch, close_scratch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(mm_safetybench_gives_three_pictures_for_a_question),
        IN_SCRATCH(jailbreakv_takes_attacks_on_one_query_for_one_intent),
        IN_SCRATCH(mossbench_is_benign_throughout),
        IN_SCRATCH(vlsbench_reads_an_array_with_pictures_in_a_tar_beside_it),
        IN_SCRATCH(omnisafebench_reads_behaviours_and_test_cases),
        IN_SCRATCH(harmbench_multimodal_takes_its_pictures_by_name),
        IN_SCRATCH(a_map_fills_what_a_preset_leaves_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
