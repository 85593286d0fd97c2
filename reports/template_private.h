/* template_private - what compiling makes and rendering walks; nobody else includes this. */
#ifndef REPORTS_TEMPLATE_PRIVATE_H
#define REPORTS_TEMPLATE_PRIVATE_H

#include "base/arena.h"
#include "reports/template.h"

enum node_kind { NODE_TEXT, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED };

struct node {
    enum node_kind kind;
    const char *text; /* NODE_TEXT: the bytes; else the name */
    size_t len;
    const char *file; /* the template or partial that it stands in, for messages */
    int line;
    size_t end; /* sections: the node after their last one */
};

struct template
{
    struct arena memory; /* the texts and their names */
    const char *name;
    struct node *node;
    size_t count, cap;
};

#endif
