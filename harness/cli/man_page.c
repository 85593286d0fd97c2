#include "cli/man_page.h"

#include "cli/command.h"
#include "cli/marked_text.h"
#include "cli/mdoc_text.h"
#include "embed/assets.h"

#include <ctype.h>
#include <string.h>

/* One word of a verb's arguments as the operands of a macro: "export | import", "RUN ...". */
static void add_argument(const char *word, size_t len, struct strbuf *out)
{
    for (size_t i = 0; i < len;) {
        if (word[i] == '[' || word[i] == ']' || word[i] == '|') {
            (void)strbuf_addstr(out, word[i] == '|' ? " | " : "");
            i++;
            continue;
        }
        if (strncmp(word + i, "…", strlen("…")) == 0)
            (void)strbuf_addch(out, ' ');
        i += mdoc_character(word + i, false, out);
    }
    (void)strbuf_addch(out, '\n');
}

static void add_arguments(const char *arguments, struct strbuf *out)
{
    for (size_t len; *arguments; arguments += len + (arguments[len] == ' ')) {
        len = strcspn(arguments, " ");
        (void)strbuf_addstr(out, arguments[0] == '[' ? ".Op Ar " : islower((unsigned char)arguments[0]) ? ".Cm " : ".Ar ");
        add_argument(arguments, len, out);
    }
}

static void add_option(const struct option_spec *s, struct strbuf *out)
{
    (void)strbuf_addstr(out, ".It ");
    if (s->letter)
        (void)strbuf_addf(out, "Fl %c , ", s->letter);
    (void)strbuf_addf(out, "Fl -%s", s->name);
    if (s->argument && option_argument_is_optional(s)) {
        const char *name = s->argument + 1 + (s->argument[1] == '=');
        (void)strbuf_addf(out, " Ns Op = Ns Ar %.*s", (int)strcspn(name, "]"), name);
    } else if (s->argument) {
        (void)strbuf_addf(out, " Ar %s", s->argument);
    }
    (void)strbuf_addch(out, '\n');
    mdoc_text(s->help, out);
}

static void add_options(const enum option_id *list, struct strbuf *out)
{
    (void)strbuf_addstr(out, ".Bl -tag -width Ds\n");
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_listed(list, (enum option_id)id))
            add_option(option_spec((enum option_id)id), out);
    }
    (void)strbuf_addstr(out, ".El\n");
}

static void write_synopsis(struct strbuf *out)
{
    for (const struct command *const *c = command_all(); *c; c++) {
        (void)strbuf_addf(out, ".Nm\n.Cm %s\n", (*c)->name);
        add_arguments((*c)->arguments, out);
    }
}

static void write_common(struct strbuf *out)
{
    add_options(options_common, out);
}

static void write_verbs(struct strbuf *out)
{
    for (const struct command *const *c = command_all(); *c; c++) {
        (void)strbuf_addf(out, ".Ss %s%s", (*c)->name, (*c)->arguments[0] ? " " : "");
        for (const char *at = (*c)->arguments; *at;)
            at += mdoc_character(at, false, out);
        (void)strbuf_addch(out, '\n');
        CLEANUP(strbuf_release) struct strbuf help = STRBUF_INIT;
        (void)strbuf_addf(&help, "%c%s.", toupper((unsigned char)(*c)->help[0]), (*c)->help + 1);
        mdoc_text(help.buf, out);
        if ((*c)->manual[0]) {
            (void)strbuf_addstr(out, ".Pp\n");
            mdoc_text((*c)->manual, out);
        }
        if ((*c)->options)
            add_options((*c)->options, out);
    }
}

void man_page_write(struct strbuf *out)
{
    static const struct marked_line line[] = {
        { "@SYNOPSIS@", write_synopsis },
        { "@OPTIONS@", write_common },
        { "@VERBS@", write_verbs },
    };
    marked_text_write(asset_manual_man, line, ARRAY_LEN(line), out);
}
