#include "sim/fixed_window.h"

#include <assert.h>

void fixed_window_init(struct fixed_window *w, int64_t quota, int64_t length_us, int64_t now_us)
{
    assert(quota > 0 && length_us > 0);
    *w = (struct fixed_window){ .start_us = now_us, .length_us = length_us, .quota = quota };
}

int64_t fixed_window_take(struct fixed_window *w, int64_t now_us)
{
    int64_t over = now_us >= w->start_us ? (now_us - w->start_us) / w->length_us : 0;
    if (over > 0) {
        w->start_us += over * w->length_us;
        w->taken = 0;
    }
    if (w->taken < w->quota) {
        w->taken++;
        return 0;
    }
    return w->start_us + w->length_us - now_us;
}
