/* Light or dark: what the system says, or the button, or `#theme=dark` in the address. */
(function () {
    'use strict';
    var page = document.documentElement;
    var button = document.getElementById('theme');

    function isDark() {
        var chosen = page.getAttribute('data-theme');
        return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    }

    page.classList.add('js'); /* hides what says that scripts are missing: also where a policy forbids them, as noscript would not */
    var asked = /theme=(dark|light)/.exec(location.hash);
    if (asked) {
        page.setAttribute('data-theme', asked[1]);
    }
    button.hidden = false;
    button.addEventListener('click', function () {
        page.setAttribute('data-theme', isDark() ? 'light' : 'dark');
    });
}());
