/*
 * Stores that somebody else made: whatever stands in the file, importing it ends in an error or in a store whose foreign keys hold.
 *
 * The input is a list of changes to a whole small store: four bytes each, where (24 bits) and what. So every input is nearly a store, and
 * goes deep. A first change to 0xFF cuts the file there instead.
 */
#include "store/foreign.h"

#include "base/fs.h"
#include "store/reader.h"
#include "store/store_private.h"
#include "store/transfer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static char folder[64], base_path[96], foreign_path[96], own_path[96];
static struct strbuf base = STRBUF_INIT;

static const char rows[] =
    "INSERT INTO dataset (id, name, version, verified, recipe_sha256, files_sha256, rows_sha256) VALUES (1, 'd', '1', 0, 'a', 'b', 'c');"
    "INSERT INTO sample (id, dataset_id, key, intent_id, category, subcategory, attack, expected, intent, prompt, extra_json)"
    " VALUES (1, 1, 's1', 'i', 'c', '', 'a', 'attack', 'x', 'prompt', '{}'), (2, 1, 's2', 'i', 'child', '', 'a', 'benign', 'x', 'p', '{}');"
    "INSERT INTO run (id, status, started_at, dataset_id) VALUES ('run1', 'complete', 1, 1);"
    "INSERT INTO endpoint (id, run_id, name, protocol, base_url, model, evidence, first_trial, last_trial)"
    " VALUES (1, 'run1', 'e', 'p', 'u', 'm', 'none', 1, 2);"
    "INSERT INTO scorer (id, run_id, name, kind, identity_sha256, is_primary) VALUES (1, 'run1', 's', 'k', 'i', 1);"
    "INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status) VALUES (1, 'run1', 1, 1, 1, 'answered'),"
    " (2, 'run1', 1, 2, 1, 'failed');"
    "INSERT INTO attempt (id, trial_id, number, trace_id, sent_at, body) VALUES (1, 1, 1, 't1', 1, x'00'), (2, 2, 1, 't2', 1, NULL);"
    "INSERT INTO response (trial_id, attempt_id, content) VALUES (1, 1, 'answer');"
    "INSERT INTO score (trial_id, scorer_id, verdict) VALUES (1, 1, 'refused');"
    "INSERT INTO label (trial_id, labeller, verdict, created_at) VALUES (1, 'one', 'refused', 1);"
    "INSERT INTO event (run_id, at, level, kind, message) VALUES ('run1', 1, 'info', 'k', 'm');";

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void remove_files(void)
{
    (void)unlink(base_path);
    (void)unlink(foreign_path);
    (void)unlink(own_path);
    (void)rmdir(folder);
}

static void make_base(void)
{
    struct error e;
    struct store *s;
    (void)snprintf(folder, sizeof(folder), "/tmp/fuzz-foreign.XXXXXX");
    must(mkdtemp(folder) != NULL);
    (void)snprintf(base_path, sizeof(base_path), "%s/base", folder);
    (void)snprintf(foreign_path, sizeof(foreign_path), "%s/foreign", folder);
    (void)snprintf(own_path, sizeof(own_path), "%s/own", folder);
    must(atexit(remove_files) == 0);
    must(store_open(base_path, STORE_CREATE, &s, &e) == OK && store_exec(s, rows, "fill", &e) == OK && store_single_file(s, &e) == OK);
    store_close(s);
    must(fs_read_file(base_path, 1 << 24, &base, &e) == OK);
}

static void import(struct store *own)
{
    struct error e;
    struct store *from;
    struct arena a = ARENA_INIT;
    struct run_row *run;
    size_t count;
    if (store_open_foreign(foreign_path, &from, &e) != OK)
        return;
    if (store_run_list(from, 0, &a, &run, &count, &e) == OK) {
        for (size_t i = 0; i < count; i++) {
            const struct transfer_options options = { .bodies = i % 2 == 0, .redact = redact_default };
            struct transfer_result result;
            must(store_begin(own, &e) == OK);
            if (store_transfer_run(from, own, run[i].id, &options, &result, &e) == OK)
                must(store_commit(own, &e) == OK);
            else
                store_rollback(own);
        }
    }
    int64_t broken = 0;
    must(store_exec_int(own, "SELECT count(*) FROM pragma_foreign_key_check", "check", &broken, &e) == OK && broken == 0);
    arena_release(&a);
    store_close(from);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct error e;
    CLEANUP(store_closep) struct store *own = NULL;
    CLEANUP(strbuf_release) struct strbuf file = STRBUF_INIT;
    if (base.len == 0)
        make_base();
    (void)strbuf_add(&file, base.buf, base.len);
    for (size_t i = 0; i + 4 <= len; i += 4) {
        size_t at = ((size_t)bytes[i] << 16 | (size_t)bytes[i + 1] << 8 | bytes[i + 2]) % file.len;
        if (i == 0 && bytes[3] == 0xFF && at > 0)
            strbuf_truncate(&file, at);
        else
            file.buf[at] = (char)bytes[i + 3];
    }
    must(fs_write_file(foreign_path, file.buf, file.len, &e) == OK);
    (void)unlink(own_path);
    must(store_open(own_path, STORE_CREATE, &own, &e) == OK && store_single_file(own, &e) == OK);
    import(own);
    int64_t runs = 0;
    if (len == 0) /* nothing was changed */
        must(store_exec_int(own, "SELECT count(*) FROM run", "count", &runs, &e) == OK && runs == 1);
    return 0;
}
