/*
 * svg - where the marks of the page's charts stand (design.md section 2).
 *
 * Positions are percentages of the drawing's width ("43.2%"), so that text and dots never stretch; the template holds
 * the elements and their presentation attributes, this file the numbers.
 *
 * Owner     every tree returned is yours; never NULL (a mark that cannot be drawn is a JSON null).
 */
#ifndef REPORTS_SVG_H
#define REPORTS_SVG_H

#include <cjson/cJSON.h>

/* A stretch of a scale in fractions of 1: `from` stands at 0 %, `to` at 100 %. */
struct svg_axis {
    double from, to;
};

/* 0 to a round number that holds `highest`: 10, 25, 50 or 100 %. */
struct svg_axis svg_axis_from_zero(double highest);
/* `span` wide, whole per cents, low and high in its middle, inside 0 to 1. */
struct svg_axis svg_axis_around(double low, double high, double span);
/* The smallest of 6, 12, 20, 40, 60 and 100 % that leaves air around an interval of that width. */
double svg_span_for(double width);

/* A rate as dot and interval: {"at", "low", "high", "cut"}; low and high null without an interval, all null without a
   value; cut = the interval goes on beyond the axis. */
cJSON *svg_interval(const cJSON *rate, struct svg_axis axis);
/* Left end, middle and right end: [{"x", "text", "anchor"}]; the last text carries the unit. */
cJSON *svg_ticks(struct svg_axis axis);
/* The verdicts of `counts` as parts of the planned trials: [{"kind", "x", "width", "title", "word", "figure", "ink"}].
   word and figure are null where they would not fit. */
cJSON *svg_stack(const cJSON *counts);

#endif
