#include "cli/shell_completion.h"

#include "cli/command.h"
#include "cli/marked_text.h"
#include "embed/assets.h"

#include <ctype.h>
#include <string.h>

/* Words that stand for one of a few values. */
static const struct {
    const char *word, *values;
} fixed[] = {
    { "WHEN", "auto always never" },
    { "HOW", "auto tty plain json none" },
    { "FORMAT", "html text json csv markdown junit eval-results model-index jsonl" },
    { "PLAN", "random stratified disagreement" },
    { "PROFILE", "demo clean" }, /* or a file */
    { "KEY=VALUE", "category= subcategory= attack= intent= sample=" },
    { "WHAT", "runs endpoints datasets suites" },
    { "SHELL", "bash zsh fish" },
};

/* ---- What an option takes ---- */

/* The word for its argument, without brackets; "" for a flag. Which NAME is an endpoint's, only the option knows. */
static void option_word(enum option_id id, char word[32])
{
    const struct option_spec *s = option_spec(id);
    const char *text = id == OPT_ENDPOINT ? "ENDPOINT" : s->argument ? s->argument + strspn(s->argument, "[=") : "";
    (void)snprintf(word, 32, "%.*s", (int)strcspn(text, "]"), text);
}

static bool is_attached_only(enum option_id id)
{
    const struct option_spec *s = option_spec(id);
    return s->argument && option_argument_is_optional(s);
}

/* ---- What stands without an option: "export|import RUN FILE"; a last word with "..." may be repeated ---- */

static void add_arguments(const char *arguments, struct strbuf *out)
{
    static const char ellipsis[] = "…";
    for (const char *at = arguments; *at;) {
        if (strncmp(at, ellipsis, sizeof(ellipsis) - 1) == 0) {
            (void)strbuf_addstr(out, "...");
            at += sizeof(ellipsis) - 1;
            continue;
        }
        if (*at != '[' && *at != ']')
            (void)strbuf_addch(out, *at);
        at++;
    }
}

/* ---- Quoting ---- */

/* Inside single quotes of a shell. zsh: also what _arguments would read in a description. */
static void add_quoted(const char *text, const char *escaped, struct strbuf *out)
{
    for (; *text; text++) {
        if (strchr(escaped, *text))
            (void)strbuf_addch(out, '\\');
        (void)strbuf_addstr(out, *text == '\'' ? "'\\''" : (char[]){ *text, 0 });
    }
}

/* ---- Tables ---- */

static void add_verbs(struct strbuf *out)
{
    for (const struct command *const *c = command_all(); *c; c++)
        (void)strbuf_addf(out, "%s%s", c == command_all() ? "" : " ", (*c)->name);
}

static void shell_case(const char *name, void (*lines)(struct strbuf *out), struct strbuf *out)
{
    (void)strbuf_addf(out, "%s() {\n    case $1 in\n", name);
    lines(out);
    (void)strbuf_addstr(out, "    esac\n}\n");
}

static void fixed_lines(struct strbuf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        (void)strbuf_addf(out, "    %s) echo '%s' ;;\n", fixed[i].word, fixed[i].values);
}

static void argument_lines(struct strbuf *out)
{
    for (const struct command *const *c = command_all(); *c; c++) {
        if (!(*c)->arguments[0])
            continue;
        (void)strbuf_addf(out, "    %s) echo '", (*c)->name);
        add_arguments((*c)->arguments, out);
        (void)strbuf_addstr(out, "' ;;\n");
    }
}

static void taking_lines(struct strbuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_spec *s = option_spec((enum option_id)id);
        if (!s->argument)
            continue;
        char word[32];
        option_word((enum option_id)id, word);
        (void)strbuf_addf(out, "    --%s", s->name);
        if (s->letter)
            (void)strbuf_addf(out, " | -%c", s->letter);
        bool attached = is_attached_only((enum option_id)id);
        (void)strbuf_addf(out, ") echo '%s%s%s' ;;\n", attached ? "[" : "", word, attached ? "]" : "");
    }
}

static void add_long_names(const enum option_id *list, struct strbuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_listed(list, (enum option_id)id))
            (void)strbuf_addf(out, " --%s", option_name((enum option_id)id));
    }
}

static void own_option_lines(struct strbuf *out)
{
    for (const struct command *const *c = command_all(); *c; c++) {
        if (!(*c)->options)
            continue;
        (void)strbuf_addf(out, "    %s) echo '", (*c)->name);
        add_long_names((*c)->options, out);
        (void)strbuf_addstr(out, "' ;;\n");
    }
}

static void bash_tables(struct strbuf *out)
{
    (void)strbuf_addstr(out, "_gauntlet_verbs='");
    add_verbs(out);
    (void)strbuf_addstr(out, "'\n_gauntlet_common='");
    add_long_names(options_common, out);
    (void)strbuf_addstr(out, "'\n");
    shell_case("_gauntlet_own", own_option_lines, out);
    shell_case("_gauntlet_takes", taking_lines, out);
    shell_case("_gauntlet_arguments", argument_lines, out);
    shell_case("_gauntlet_fixed", fixed_lines, out);
}

/* ---- zsh: the language of _arguments ---- */

static void zsh_option(enum option_id id, struct strbuf *out)
{
    const struct option_spec *s = option_spec(id);
    char word[32];
    option_word(id, word);
    const char *sign = !word[0] ? "" : is_attached_only(id) ? "=-" : "=";
    for (int form = s->letter ? 0 : 1; form < 2; form++) {
        (void)strbuf_addstr(out, "        '*");
        if (form == 0)
            (void)strbuf_addf(out, "-%c%s[", s->letter, word[0] ? "+" : "");
        else
            (void)strbuf_addf(out, "--%s%s[", s->name, sign);
        add_quoted(s->help, "[]:\\", out);
        (void)strbuf_addch(out, ']');
        if (word[0])
            (void)strbuf_addf(out, "%s%s:_gauntlet_word %s", is_attached_only(id) ? "::" : ":", word, word);
        (void)strbuf_addstr(out, "'\n");
    }
}

static void zsh_options(const enum option_id *list, struct strbuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_listed(list, (enum option_id)id))
            zsh_option((enum option_id)id, out);
    }
}

static void zsh_tables(struct strbuf *out)
{
    (void)strbuf_addstr(out, "_gauntlet_verbs=(\n");
    for (const struct command *const *c = command_all(); *c; c++) {
        (void)strbuf_addf(out, "    '%s:", (*c)->name);
        add_quoted((*c)->help, "\\", out);
        (void)strbuf_addstr(out, "'\n");
    }
    (void)strbuf_addstr(out, ")\n_gauntlet_own() {\n    options=(\n");
    zsh_options(options_common, out);
    (void)strbuf_addstr(out, "    )\n    case $1 in\n");
    for (const struct command *const *c = command_all(); *c; c++) {
        if (!(*c)->options)
            continue;
        (void)strbuf_addf(out, "    %s) options+=(\n", (*c)->name);
        zsh_options((*c)->options, out);
        (void)strbuf_addstr(out, "    ) ;;\n");
    }
    (void)strbuf_addstr(out, "    esac\n}\n");
    shell_case("_gauntlet_arguments", argument_lines, out);
    shell_case("_gauntlet_fixed", fixed_lines, out);
}

/* ---- fish ---- */

static void fish_option(const char *condition, enum option_id id, struct strbuf *out)
{
    const struct option_spec *s = option_spec(id);
    char word[32];
    option_word(id, word);
    (void)strbuf_addf(out, "complete -c gauntlet -n '%s' -l %s", condition, s->name);
    if (s->letter)
        (void)strbuf_addf(out, " -s %c", s->letter);
    if (word[0] && !is_attached_only(id))
        (void)strbuf_addstr(out, " -x");
    if (word[0])
        (void)strbuf_addf(out, " -a '(__gauntlet_word %s)'", word);
    (void)strbuf_addstr(out, " -d '");
    add_quoted(s->help, "\\", out);
    (void)strbuf_addstr(out, "'\n");
}

static void fish_options(const char *condition, const enum option_id *list, struct strbuf *out)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_listed(list, (enum option_id)id))
            fish_option(condition, (enum option_id)id, out);
    }
}

static void fish_verbs(struct strbuf *out)
{
    (void)strbuf_addstr(out, "function __gauntlet_arguments\n    switch $argv[1]\n");
    for (const struct command *const *c = command_all(); *c; c++) {
        (void)strbuf_addf(out, "        case %s\n            string split ' ' -- '", (*c)->name);
        add_arguments((*c)->arguments, out);
        (void)strbuf_addstr(out, "'\n");
    }
    (void)strbuf_addstr(out, "        case --verbs\n            string split ' ' -- '");
    add_verbs(out);
    (void)strbuf_addstr(out, "'\n    end\nend\n");
    for (const struct command *const *c = command_all(); *c; c++) {
        (void)strbuf_addf(out, "complete -c gauntlet -n __gauntlet_no_verb -a %s -d '", (*c)->name);
        add_quoted((*c)->help, "\\", out);
        (void)strbuf_addstr(out, "'\n");
    }
}

static void fish_tables(struct strbuf *out)
{
    (void)strbuf_addstr(out, "set -g __gauntlet_valued");
    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_spec *s = option_spec((enum option_id)id);
        if (s->argument && !is_attached_only((enum option_id)id)) {
            (void)strbuf_addf(out, " --%s", s->name);
            if (s->letter)
                (void)strbuf_addf(out, " -%c", s->letter);
        }
    }
    (void)strbuf_addstr(out, "\nfunction __gauntlet_fixed\n    switch $argv[1]\n");
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        (void)strbuf_addf(out, "        case %s\n            string split ' ' -- '%s'\n", fixed[i].word, fixed[i].values);
    (void)strbuf_addstr(out, "    end\nend\n");
    fish_verbs(out);
    fish_options("not __gauntlet_no_verb", options_common, out);
    for (const struct command *const *c = command_all(); *c; c++) {
        char condition[64];
        (void)snprintf(condition, sizeof(condition), "__gauntlet_verb %s", (*c)->name);
        fish_options(condition, (*c)->options, out);
    }
}

enum err shell_completion_write(const char *shell, struct strbuf *out, struct error *e)
{
    static const struct {
        const char *name, *text;
        struct marked_line tables;
    } known[] = {
        { "bash", asset_manual_bash, { "@TABLES@", bash_tables } },
        { "zsh", asset_manual_zsh, { "@TABLES@", zsh_tables } },
        { "fish", asset_manual_fish, { "@TABLES@", fish_tables } },
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].name, shell) == 0) {
            marked_text_write(known[i].text, &known[i].tables, 1, out);
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "--completion '%.40s': bash, zsh or fish", shell);
}
