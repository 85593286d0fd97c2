/*
 * slices - long work in pieces of eight milliseconds, so that the page stays alive.
 *
 * The work is a generator that yields wherever it may be interrupted. Starting work of a kind cancels what of that kind is going on.
 */
(function (browser) {
    'use strict';
    var SLICE_MS = 8;

    /* As soon as possible, but after what the user did: a message, because timers wait. */
    function soon(act) {
        var channel = new MessageChannel();
        channel.port1.onmessage = act;
        channel.port2.postMessage(0);
    }

    /* Promise of a later moment: between steps that need no generator. */
    browser.pause = function () {
        return new Promise(soon);
    };

    browser.slices = function () {
        var current = 0;
        return {
            /* Promise of what the generator returns; of undefined when other work took its place. */
            run: function (work) {
                var mine = ++current;
                return new Promise(function (resolve, reject) {
                    function slice() {
                        if (mine !== current) {
                            resolve(undefined);
                            return;
                        }
                        var end = performance.now() + SLICE_MS, step;
                        try {
                            do {
                                step = work.next();
                            } while (!step.done && performance.now() < end);
                        } catch (error) {
                            reject(error);
                            return;
                        }
                        if (step.done) {
                            resolve(step.value);
                        } else {
                            soon(slice);
                        }
                    }
                    slice();
                });
            },
            cancel: function () { current++; }
        };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
