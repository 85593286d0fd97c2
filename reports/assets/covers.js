/* The covers over the samples' texts: all at once by the button or `b`. */
(function () {
    'use strict';
    var all = document.getElementById('reveal');

    function texts() {
        return Array.prototype.slice.call(document.querySelectorAll('details.cover'));
    }

    /* Showing everything asks first: what is hidden here was hidden for a reason. */
    function toggle() {
        var open = texts().filter(function (d) { return d.open; });
        if (open.length === 0 && !confirm('Show every hidden text on this page?')) {
            return;
        }
        texts().forEach(function (d) { d.open = open.length === 0; });
        document.querySelectorAll('details.sample').forEach(function (d) { d.open = d.open || open.length === 0; });
    }

    if (all) {
        all.hidden = false;
        all.addEventListener('click', toggle);
    }
    document.addEventListener('keydown', function (event) {
        if (document.documentElement.classList.contains('browsing')) {
            return; /* the sample browser has keys of its own */
        }
        var plain = !event.ctrlKey && !event.altKey && !event.metaKey;
        if (plain && event.key === 'b' && (!/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) || event.target.type === 'radio')) {
            toggle();
        }
    });
}());
