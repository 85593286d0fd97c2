/* Downloads: the bytes of a block of this page as a file; copying and printing. */
(function () {
    'use strict';
    var say = document.getElementById('export-say');

    function bytesOf(id) {
        var text = atob(document.getElementById(id).textContent), bytes = new Uint8Array(text.length);
        for (var i = 0; i < text.length; i++) {
            bytes[i] = text.charCodeAt(i);
        }
        return bytes;
    }

    function inflate(id) {
        return new Response(new Blob([bytesOf(id)]).stream().pipeThrough(new DecompressionStream('gzip'))).blob();
    }

    function save(blob, name) {
        self.gauntletBrowser.save(blob, name);
    }

    function download(button) {
        inflate('export-' + button.dataset.export).then(function (blob) {
            save(blob, button.dataset.name);
        }).catch(function (error) {
            say.textContent = 'This browser cannot unpack the file (' + error.message + '). The command below the button writes it too.';
        });
    }

    function copy(button) {
        var text = document.getElementById(button.dataset.copy).content.textContent;
        navigator.clipboard.writeText(text).then(function () {
            button.textContent = 'Copied';
        }).catch(function () {
            save(new Blob([text], { type: 'application/json' }), 'provenance.json'); /* no clipboard here: a file instead */
        });
    }

    document.querySelectorAll('.js').forEach(function (element) { element.hidden = false; });
    document.addEventListener('click', function (event) {
        var button = event.target.closest('button');
        if (!button) {
            return;
        }
        if (button.dataset.export) {
            download(button);
        } else if (button.dataset.copy) {
            copy(button);
        } else if ('print' in button.dataset) {
            window.print();
        }
    });
}());
