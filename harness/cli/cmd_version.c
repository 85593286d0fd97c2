/*
 * version: which gauntlet, built from what, with which libraries.
 */
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/version.h"
#include "store/store.h"

#include <curl/curl.h>
#include <sqlite3.h>

static enum exit_code run(const struct options *o)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    if (option_given(o, OPT_JSON))
        (void)strbuf_addf(
            &out, "{\"schema_version\":1,\"version\":\"%s\",\"commit\":\"%s\",\"libcurl\":\"%s\",\"sqlite\":\"%s\",\"store_schema\":%d}\n",
            GAUNTLET_VERSION, version_commit(), curl->version, sqlite3_libversion(), STORE_SCHEMA_VERSION);
    else
        (void)strbuf_addf(&out, "gauntlet %s (%s)\nlibcurl %s, SQLite %s, store schema %d\n", GAUNTLET_VERSION, version_commit(),
                          curl->version, sqlite3_libversion(), STORE_SCHEMA_VERSION);
    terminal_write(out.buf, out.len);
    return EXIT_OK;
}

const struct command cmd_version = {
    .name = "version",
    .arguments = "",
    .min_arguments = 0,
    .max_arguments = 0,
    .help = "print the version, the commit and the libraries",
    .manual = "",
    .run = run,
};
