/*
 * init: a commented configuration, a first suite and a first data set, ready for `gauntlet run first --sim`.
 */
#include "base/fs.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/output.h"
#include "embed/assets.h"

#include <string.h>

static const struct {
    const char *asset, *path;
} file[] = {
    { "config.example.yaml", "config.yaml" },
    { "harness/cli/init/suite.yaml", "suites/first.yaml" },
    { "harness/cli/init/dataset.yaml", "datasets/first/dataset.yaml" },
    { "harness/cli/init/samples.jsonl", "datasets/first/samples.jsonl" },
};

/* `written`: the paths, for --json. */
static enum err write_files(const char *dir, bool force, cJSON *written, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    for (size_t i = 0; !force && i < ARRAY_LEN(file); i++) {
        strbuf_clear(&path);
        fs_join(dir, file[i].path, &path);
        if (fs_exists(path.buf))
            return error_set(e, ERR_INVALID, "%s is there already; --force overwrites it, or choose an empty folder", path.buf);
    }
    for (size_t i = 0; i < ARRAY_LEN(file); i++) {
        struct asset asset = asset_find(file[i].asset);
        strbuf_clear(&path);
        fs_join(dir, file[i].path, &path);
        if (fs_make_parents(path.buf, e) != OK || fs_write_file(path.buf, asset.bytes, asset.len, e) != OK)
            return e->code;
        log_line(LOG_INFO, "wrote %s", path.buf);
        cJSON_AddItemToArray(written, cJSON_CreateString(path.buf));
    }
    return OK;
}

static enum exit_code run(const struct options *o)
{
    struct error e;
    const char *dir = o->argument_count ? o->argument[0] : ".";
    cJSON *document = output_document();
    enum err rc = write_files(dir, option_given(o, OPT_FORCE), cJSON_AddArrayToObject(document, "written"), &e);
    if (rc == OK && option_given(o, OPT_JSON))
        output_json(document);
    else
        cJSON_Delete(document);
    if (rc != OK)
        return common_fail(&e);
    log_line(LOG_INFO, "next: edit config.yaml (endpoints), then `gauntlet check first` and `gauntlet run first`;\n"
                       "      `gauntlet run first --sim` rehearses without any endpoint");
    return EXIT_OK;
}

const struct command cmd_init = {
    .name = "init",
    .arguments = "[DIR]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_FORCE),
    .help = "write a commented config.yaml and a first suite into an empty folder",
    .manual = "Writes config.yaml, suites/first.yaml and datasets/first, and overwrites nothing unless --force. The first data set\n"
              "has three harmless canary samples: `gauntlet run first --sim` works at once.\n",
    .run = run,
};
