#include "net/http_fault.h"

#include <curl/curl.h>

enum { TOO_LARGE_IN_NEWER_LIBCURL = 100 }; /* CURLE_TOO_LARGE, 8.6 */

enum http_fault http_fault_of_curl(int code)
{
    switch (code) {
    case CURLE_OK: return HTTP_FAULT_NONE;

    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HTTP_FAULT_DNS;

    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
    case CURLE_PROXY: return HTTP_FAULT_CONNECT;

    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_SHUTDOWN_FAILED: return HTTP_FAULT_TLS;

    /* Trying again cannot help: the peer is not trusted, or what should say so cannot be read. */
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS: return HTTP_FAULT_CERTIFICATE;

    case CURLE_OPERATION_TIMEDOUT: return HTTP_FAULT_TIMEOUT;

    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND: return HTTP_FAULT_SEND;
    case CURLE_RECV_ERROR: return HTTP_FAULT_RECV;
    case CURLE_PARTIAL_FILE: return HTTP_FAULT_PARTIAL;
    case CURLE_GOT_NOTHING: return HTTP_FAULT_EMPTY;

    case CURLE_UNSUPPORTED_PROTOCOL: /* among others an HTTP/0.9 reply, which is any text at all */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_HTTP3: return HTTP_FAULT_PROTOCOL;

    case CURLE_FILESIZE_EXCEEDED:
    case TOO_LARGE_IN_NEWER_LIBCURL: return HTTP_FAULT_TOO_LARGE;
    case CURLE_ABORTED_BY_CALLBACK: return HTTP_FAULT_CANCELLED;
    default: return HTTP_FAULT_OTHER;
    }
}
