/* Light or dark: what the system says, or the button, which is remembered, or `#theme=dark` in the address. */
(function () {
    'use strict';
    var page = document.documentElement, KEY = 'gauntlet-theme';
    var button = document.getElementById('theme');

    function isDark() {
        var chosen = page.getAttribute('data-theme');
        return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    }

    page.classList.add('js'); /* hides what says that scripts are missing: also where a policy forbids them, as noscript would not */
    /* A page that was opened from a file may have no storage, and asking for it may throw. */
    function remembered(theme) {
        try {
            if (theme) {
                localStorage.setItem(KEY, theme);
            }
            return localStorage.getItem(KEY);
        } catch (error) {
            return null;
        }
    }

    var asked = /[#&]theme=(dark|light)/.exec(location.hash), kept = remembered();
    if (asked || kept === 'dark' || kept === 'light') {
        page.setAttribute('data-theme', asked ? asked[1] : kept);
    }
    button.hidden = false;
    button.addEventListener('click', function () {
        page.setAttribute('data-theme', isDark() ? 'light' : 'dark');
        remembered(page.getAttribute('data-theme'));
    });
}());
