#include "stats/panel_chance.h"

#include <math.h>

double panel_independent_accuracy(const double *accuracy, size_t judges)
{
    enum { MAX_PANEL = 64 };
    double right[MAX_PANEL + 1] = { 1.0 }; /* right[k] = chance that k of those seen so far are right */
    if (judges == 0 || judges > MAX_PANEL)
        return NAN;
    for (size_t i = 0; i < judges; i++) {
        for (size_t k = i + 1; k > 0; k--)
            right[k] = right[k] * (1.0 - accuracy[i]) + right[k - 1] * accuracy[i];
        right[0] *= 1.0 - accuracy[i];
    }
    double most = 0.0;
    for (size_t k = judges / 2 + 1; k <= judges; k++)
        most += right[k];
    return most;
}
