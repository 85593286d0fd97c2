/*
 * help: the list of verbs, or one verb's manual. Both are made from the tables that drive the program.
 */
#include "base/json_member.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/man_page.h"
#include "cli/output.h"
#include "cli/shell_completion.h"
#include "cli/terminal.h"

#include <string.h>

static int usage_columns(const struct command *c)
{
    return (int)(strlen(c->name) + 1 + utf8_width(c->arguments, strlen(c->arguments)));
}

static void list_verbs(struct strbuf *out)
{
    (void)strbuf_addstr(out, "usage: gauntlet VERB [options] [arguments]\n\n"
                             "Measures how a vision-language model stands up to adversarial samples: runs a suite against\n"
                             "its endpoint, scores the answers, keeps every row, and reports per category.\n\n");
    int widest = 0;
    for (const struct command *const *c = command_all(); *c; c++)
        widest = usage_columns(*c) > widest ? usage_columns(*c) : widest;
    for (const struct command *const *c = command_all(); *c; c++)
        (void)strbuf_addf(out, "  %s %s%*s  %s\n", (*c)->name, (*c)->arguments, widest - usage_columns(*c), "", (*c)->help);
    (void)strbuf_addstr(out, "\nOptions of every verb:\n");
    options_help(options_common, out);
    (void)strbuf_addstr(out,
                        "\nExit codes: 0 done, or the gate passed; 1 a gate or threshold failed; 2 usage, configuration or data;\n"
                        "3 nobody there, or the key refused; 4 incomplete, resumable; 5 no valid verdict; 70 a fault of gauntlet's\n"
                        "own; 130 and 143 interrupted, resumable.\n\n"
                        "`gauntlet help VERB` explains one. Begin in an empty folder: `gauntlet init`, then `gauntlet run first --sim`.\n");
}

static void explain_verb(const struct command *c, struct strbuf *out)
{
    (void)strbuf_addf(out, "usage: gauntlet %s%s%s [options]\n\n%s\n", c->name, c->arguments[0] ? " " : "", c->arguments, c->help);
    if (c->manual[0])
        (void)strbuf_addf(out, "\n%s", c->manual);
    if (c->options) {
        (void)strbuf_addstr(out, "\nOptions:\n");
        options_help(c->options, out);
    }
    (void)strbuf_addstr(out, "\nOptions of every verb:\n");
    options_help(options_common, out);
}

/* All verbs, or `only` that one. */
static void write_json(const struct command *only)
{
    cJSON *document = output_document();
    cJSON *list = cJSON_AddArrayToObject(document, "verbs");
    for (const struct command *const *c = command_all(); *c; c++) {
        if (only && *c != only)
            continue;
        cJSON *verb = cJSON_CreateObject();
        json_member_text(verb, "name", (*c)->name);
        json_member_text(verb, "arguments", (*c)->arguments);
        json_member_text(verb, "help", (*c)->help);
        json_member_text(verb, "manual", (*c)->manual);
        cJSON_AddItemToArray(list, verb);
    }
    output_json(document);
}

static enum exit_code write_completion(const char *shell)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct error e;
    if (shell_completion_write(shell, &out, &e) != OK) {
        log_line(LOG_ERROR, "%s", e.msg);
        return EXIT_USAGE;
    }
    terminal_write(out.buf, out.len);
    return EXIT_OK;
}

static enum exit_code write_man_page(void)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    man_page_write(&out);
    terminal_write(out.buf, out.len);
    return EXIT_OK;
}

static enum exit_code run(const struct options *o)
{
    if (option_given(o, OPT_COMPLETION))
        return write_completion(option_value(o, OPT_COMPLETION));
    if (option_given(o, OPT_MAN))
        return write_man_page();
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const struct command *c = o->argument_count ? command_find(o->argument[0]) : NULL;
    if (o->argument_count && !c)
        return command_unknown(o->argument[0]);
    if (option_given(o, OPT_JSON)) {
        write_json(c);
        return EXIT_OK;
    }
    if (c)
        explain_verb(c, &out);
    else
        list_verbs(&out);
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    utf8_add_own(out.buf, out.len, &shown);
    terminal_write(shown.buf, shown.len);
    return EXIT_OK;
}

const struct command cmd_help = {
    .name = "help",
    .arguments = "[VERB]",
    .min_arguments = 0,
    .max_arguments = 1,
    .help = "this list, or one verb's manual",
    .manual = "--completion SHELL prints what makes a shell complete gauntlet's command lines, for instance in ~/.bashrc:\n\n"
              "  source <(gauntlet help --completion bash)\n\n"
              "--man prints the man page; `gauntlet help --man | man -l -` shows it. Both are made from the same tables as this text.\n",
    .options = OPTION_LIST(OPT_MAN, OPT_COMPLETION),
    .run = run,
};
