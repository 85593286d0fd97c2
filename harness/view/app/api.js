/* Asking the server. Whatever goes wrong stands at the foot of the page, once. */
(function (view) {
    'use strict';

    var session = null, AGAIN_MS = 250;

    view.tell = function (text) {
        var node = document.getElementById('told');
        node.textContent = text || '';
        node.hidden = !text;
    };

    async function read(response) {
        var document = await response.json();
        if (!response.ok) {
            throw new Error(document.error || 'HTTP ' + response.status);
        }
        return document;
    }

    /* `query`: pairs [name, value]. */
    view.get = async function (path, query, signal) {
        var search = new URLSearchParams(query || []).toString();
        return read(await fetch(path + (search ? '?' + search : ''), { signal: signal, credentials: 'same-origin' }));
    };
    /* The same, of the store as it is now: the server may keep an older document, which `older` is given, and then it is asked again. */
    view.getNewest = async function (path, older) {
        for (;;) {
            var response = await fetch(path, { credentials: 'same-origin' }), document = await read(response);
            if (!response.headers.has('Gauntlet-Behind')) {
                return document;
            }
            if (older) {
                older(document);
            }
            await new Promise(function (resolve) { setTimeout(resolve, AGAIN_MS); });
        }
    };
    view.session = function () {
        session = session || view.get('/api/session');
        return session;
    };
    view.post = async function (path, body) {
        var token = (await view.session()).request_token;
        return read(await fetch(path, {
            method: 'POST',
            credentials: 'same-origin',
            headers: { 'Content-Type': 'application/json', 'X-Gauntlet-Token': token },
            body: JSON.stringify(body || {})
        }));
    };
    /* Runs an asynchronous step of the page; an aborted request is no error. */
    view.attempt = function (step) {
        return step().then(function (value) {
            view.tell('');
            return value;
        }).catch(function (error) {
            if (error.name !== 'AbortError') {
                view.tell(error instanceof TypeError ? 'The server does not answer: was `gauntlet view` ended?' : error.message);
            }
        });
    };
}(window.gauntletView = window.gauntletView || {}));
