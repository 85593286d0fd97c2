/* Whom we trust: a self-signed server on loopback (libmicrohttpd), with a certificate made for the occasion. */
#include "http_fixture.h"

#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

struct tls_peer {
    struct http_fixture *http;
    struct MHD_Daemon *daemon;
    char *key, *certificate;
    char path[64]; /* the certificate as a file */
    char url[64];
};

/* ---- A certificate ------------------------------------------------------------------------------------------------- */

static char *pem_text(BIO *bio)
{
    char *bytes;
    long len = BIO_get_mem_data(bio, &bytes);
    struct strbuf text = STRBUF_INIT;
    (void)strbuf_add(&text, bytes, (size_t)len);
    BIO_free(bio);
    return strbuf_detach(&text, NULL);
}

static void add_extension(X509 *x, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    script_must(extension && X509_add_ext(x, extension, -1), "X509_add_ext");
    X509_EXTENSION_free(extension);
}

/* Valid until `seconds` from now, for `names` ("IP:127.0.0.1", "DNS:…"). */
static void make_certificate(const char *names, long seconds, char **ret_key, char **ret_certificate)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    script_must(key && x, "a key");
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x), seconds);
    X509_set_pubkey(x, key);
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"gauntlet test", -1, -1, 0);
    X509_set_issuer_name(x, name);
    add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(x, NID_subject_alt_name, names);
    script_must(X509_sign(x, key, EVP_sha256()) > 0, "X509_sign");

    BIO *key_bio = BIO_new(BIO_s_mem()), *certificate_bio = BIO_new(BIO_s_mem());
    script_must(PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) && PEM_write_bio_X509(certificate_bio, x), "PEM");
    *ret_key = pem_text(key_bio);
    *ret_certificate = pem_text(certificate_bio);
    X509_free(x);
    EVP_PKEY_free(key);
}

/* ---- The peer ------------------------------------------------------------------------------------------------------ */

static enum MHD_Result answer(void *user, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_len, void **request)
{
    static int seen;
    (void)user, (void)url, (void)method, (void)version, (void)upload;
    if (!*request) {
        *request = &seen;
        return MHD_YES;
    }
    if (*upload_len) {
        *upload_len = 0;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(2, (void *)"ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static void start_peer_until(struct tls_peer *p, const char *names, long seconds)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    make_certificate(names, seconds, &p->key, &p->certificate);
    p->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR,
                                 (struct sockaddr *)&address, MHD_OPTION_HTTPS_MEM_KEY, p->key, MHD_OPTION_HTTPS_MEM_CERT, p->certificate,
                                 MHD_OPTION_END);
    assert_non_null(p->daemon);
    (void)snprintf(p->url, sizeof p->url, "https://127.0.0.1:%u/", MHD_get_daemon_info(p->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);

    (void)snprintf(p->path, sizeof p->path, "/tmp/gauntlet-test-ca.XXXXXX");
    int fd = mkstemp(p->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p->certificate, strlen(p->certificate)), strlen(p->certificate));
    assert_int_equal(close(fd), 0);
}

static void start_peer(struct tls_peer *p, const char *names)
{
    start_peer_until(p, names, 3600);
}

static int tls_setup(void **state)
{
    struct tls_peer *p = xcalloc(1, sizeof *p);
    void *http;
    if (http_setup(&http) != 0)
        return -1;
    p->http = http;
    *state = p;
    return 0;
}

static int tls_teardown(void **state)
{
    struct tls_peer *p = *state;
    void *http = p->http;
    (void)http_teardown(&http);
    if (p->daemon)
        MHD_stop_daemon(p->daemon);
    if (p->path[0])
        (void)unlink(p->path);
    free(p->key);
    free(p->certificate);
    free(p);
    return 0;
}

static void skip_without_tls(void)
{
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        print_message("libmicrohttpd was built without TLS\n");
        skip();
    }
}

static struct http_reply ask(struct tls_peer *p, const char *url)
{
    static const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    const struct http_request request = { "POST", url, NULL, 0, part, 1 };
    return http_ask(p->http, &request);
}

/* ---- Tests --------------------------------------------------------------------------------------------------------- */

static void a_self_signed_server_is_not_trusted(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "IP:127.0.0.1");

    struct http_reply r = ask(p, p->url);

    assert_int_equal(r.fault, HTTP_FAULT_CERTIFICATE);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.sent_bytes, 0);
    http_reply_release(&r);
}

static void it_is_trusted_when_the_configuration_names_its_certificate(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "IP:127.0.0.1");
    p->http->route.ca_file = p->path;
    p->http->route.allow_plain = false;

    for (int i = 0; i < 3; i++) {
        struct http_reply r = ask(p, p->url);
        assert_int_equal(r.fault, HTTP_FAULT_NONE);
        assert_int_equal(r.status, 200);
        assert_string_equal(r.body.buf, "ok");
        http_reply_release(&r);
    }
}

static void a_large_body_arrives_over_tls(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "IP:127.0.0.1");
    p->http->route.ca_file = p->path;
    CLEANUP(cleanup_free) void *bytes = xcalloc(1, 1000000);
    const struct http_part part[] = { { HTTP_PART_BASE64, bytes, 1000000, "a" } };
    const struct http_request request = { "POST", p->url, NULL, 0, part, 1 };

    struct http_reply r = http_ask(p->http, &request);

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.sent_bytes, 1333336);
    http_reply_release(&r);
}

static void trust_in_one_route_is_none_in_another(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "IP:127.0.0.1");

    p->http->route.ca_file = p->path;
    struct http_reply r = ask(p, p->url);
    assert_int_equal(r.status, 200);
    http_reply_release(&r);

    p->http->route.ca_file = NULL; /* the kept connection was verified against another file: not for this route */
    r = ask(p, p->url);
    assert_int_equal(r.fault, HTTP_FAULT_CERTIFICATE);
    http_reply_release(&r);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "DNS:other.example");
    p->http->route.ca_file = p->path;

    struct http_reply r = ask(p, p->url);

    assert_int_equal(r.fault, HTTP_FAULT_CERTIFICATE);
    http_reply_release(&r);
}

static void an_expired_certificate_is_refused(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer_until(p, "IP:127.0.0.1", -60);
    p->http->route.ca_file = p->path;

    struct http_reply r = ask(p, p->url);

    assert_int_equal(r.fault, HTTP_FAULT_CERTIFICATE);
    assert_non_null(strstr(r.detail, "expired"));
    http_reply_release(&r);
}

static void verification_can_be_switched_off(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "DNS:other.example");
    p->http->route.tls_verify = false;

    struct http_reply r = ask(p, p->url);

    assert_int_equal(r.status, 200);
    http_reply_release(&r);
}

static void a_missing_ca_file_is_a_matter_of_configuration(void **state)
{
    skip_without_tls();
    struct tls_peer *p = *state;
    start_peer(p, "IP:127.0.0.1");
    p->http->route.ca_file = "/nonexistent/ca.pem";

    struct http_reply r = ask(p, p->url);

    assert_int_equal(r.fault, HTTP_FAULT_CERTIFICATE);
    http_reply_release(&r);
}

static void a_server_without_tls_is_a_tls_fault(void **state)
{
    struct tls_peer *p = *state;
    char url[64];
    int port, listener = script_bind(true, &port);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%d/", port);
    const struct http_request request = { .method = "GET", .url = url };
    http_begin(p->http, &request, NULL);
    struct error e = { 0 };
    assert_int_equal(http_client_wait(p->http->client, 0, &e), OK); /* connects */
    int fd = accept(listener, NULL, NULL);
    assert_int_equal(write(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28), 28);
    (void)shutdown(fd, SHUT_WR);

    struct http_reply r = http_await(p->http, NULL);

    assert_int_equal(r.fault, HTTP_FAULT_TLS);
    http_reply_release(&r);
    (void)close(fd);
    (void)close(listener);
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, tls_setup, tls_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_self_signed_server_is_not_trusted),
        TLS_TEST(it_is_trusted_when_the_configuration_names_its_certificate),
        TLS_TEST(a_large_body_arrives_over_tls),
        TLS_TEST(trust_in_one_route_is_none_in_another),
        TLS_TEST(a_certificate_for_another_name_is_refused),
        TLS_TEST(an_expired_certificate_is_refused),
        TLS_TEST(verification_can_be_switched_off),
        TLS_TEST(a_missing_ca_file_is_a_matter_of_configuration),
        TLS_TEST(a_server_without_tls_is_a_tls_fault),
    };
    return cmocka_run_group_tests(tests, http_group_setup, http_group_teardown);
}
