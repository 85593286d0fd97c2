# gauntlet: `make demo` to see it work, `make test` to prove it, `make help` for the rest.

# ---- What to build with -------------------------------------------------------------------------------------------
BUILD    ?= release
B        ?= build/$(BUILD)
CC       ?= gcc
# One compiler per processor, unless make was told otherwise.
JOBS      = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
MANDIR   ?= $(PREFIX)/share/man
DATADIR  ?= $(PREFIX)/share
DESTDIR  ?=

LIBS      = libcurl libcjson sqlite3 yaml-0.1 libmicrohttpd libutf8proc libcrypto zlib libarchive libzstd
HEADERS_OF = gdlib # loaded when the first thumbnail is made: harness/thumb/gd_library.h
# Asked once, and only when something is compiled: `make deps` works before pkg-config is there.
LIB_FLAGS = $(eval LIB_FLAGS := $$(shell pkg-config --cflags $(LIBS) $(HEADERS_OF)))$(LIB_FLAGS)
LIB_LINK  = $(eval LIB_LINK := $$(shell pkg-config --libs $(LIBS)) -lm -ldl -pthread)$(LIB_LINK)
COMMIT    = $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)$(shell git diff --quiet HEAD 2>/dev/null || echo +)

WARNINGS  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
CFLAGS_release  = -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug    = -O0 -g3
CFLAGS_asan     = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_tsan     = -O1 -g -fsanitize=thread
CFLAGS_coverage = -O0 -g --coverage
OWN_FLAGS = -std=c17 -ffp-contract=off -D_GNU_SOURCE -Iharness -I. -include harness/base/banned.h $(WARNINGS) $(if $(DEV),-Werror) -pthread
ALL_FLAGS = $(CFLAGS_$(BUILD)) $(OWN_FLAGS) $(LIB_FLAGS) $(CFLAGS)

# ---- What there is ------------------------------------------------------------------------------------------------
SOURCES   := $(sort $(wildcard harness/*/*.c reports/*.c))
OBJECTS   := $(SOURCES:%.c=$(B)/%.o) $(B)/harness/embed/assets_data.o
MAIN      := $(B)/harness/cli/main.o
LIBRARY   := $(B)/libgauntlet.a
HEADERS   := $(sort $(wildcard harness/*/*.h reports/*.h))
ASSETS    := $(shell sed -n 's/^ASSET([^,]*, *"\(.*\)").*/\1/p' harness/embed/assets.list)
UNIT      := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BINS := $(UNIT:%.c=$(B)/%)
FUZZERS   := $(sort $(wildcard tests/fuzz/fuzz_*.c))
REPLAYS   := $(FUZZERS:%.c=$(B)/%_replay)
HELPERS   := $(B)/tests/support/fake_hub $(B)/tests/support/step_clock.so

.DEFAULT_GOAL := all
# One short line per file; V=1 shows whole commands.
say = @$(if $(V),,printf '  %-4s %s\n' $(1) $@;)$(if $(V),set -x;)
.DELETE_ON_ERROR:
.SUFFIXES:

# ---- Building -----------------------------------------------------------------------------------------------------
.PHONY: all
all: ## build ./gauntlet
all: $(B)/gauntlet
	@if [ "$(BUILD)" = release ]; then ln -sf $(B)/gauntlet gauntlet; fi

$(B)/gauntlet: $(MAIN) $(LIBRARY)
	$(call say,link) $(CC) $(ALL_FLAGS) $(LDFLAGS) -o $@ $(MAIN) $(LIBRARY) $(LIB_LINK)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	@ar rcs $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,cc) $(CC) $(ALL_FLAGS) -MMD -MP -c -o $@ $<

$(B)/harness/core/version.o: ALL_FLAGS += -DGAUNTLET_COMMIT='"$(COMMIT)"'
$(B)/harness/core/version.o: $(B)/commit
$(B)/commit: FORCE
	@mkdir -p $(@D)
	@echo '$(COMMIT)' | cmp -s - $@ || echo '$(COMMIT)' > $@
.PHONY: FORCE
FORCE:

$(B)/harness/embed/assets_data.o: harness/embed/assets.S harness/embed/assets.list $(ASSETS)
	@mkdir -p $(@D)
	$(call say,as) $(CC) -Iharness -c -o $@ $<

-include $(OBJECTS:.o=.d) $(UNIT_BINS:=.d) $(HELPERS:=.d)

# ---- Testing ------------------------------------------------------------------------------------------------------
$(B)/tests/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,cc) $(CC) $(ALL_FLAGS) -Itests/support -MMD -MP -MF $@.d -o $@ $< $(LIBRARY) $(LIB_LINK) $(MORE_LINK) -lcmocka

# The test draws its own pictures.
$(B)/tests/unit/thumb/test_thumb: MORE_LINK = -lgd

# Programs that flow tests talk to.
$(B)/tests/support/%: tests/support/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,cc) $(CC) $(ALL_FLAGS) -Itests/support -MMD -MP -MF $@.d -o $@ $< $(LIBRARY) $(LIB_LINK)

# Loaded before a program: no sanitizer of its own.
$(B)/tests/support/%.so: tests/support/%.c
	@mkdir -p $(@D)
	$(call say,cc) $(CC) $(WARNINGS) -std=c17 -D_GNU_SOURCE -fPIC -shared -o $@ $< -ldl

$(B)/tests/fuzz/%_replay: tests/fuzz/%.c tests/fuzz/replay.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,cc) $(CC) $(ALL_FLAGS) -o $@ $< tests/fuzz/replay.c $(LIBRARY) $(LIB_LINK)

.PHONY: test test-built test-asan test-tsan unit
test: ## install what is missing, build, run every test; ends with "N passed, N failed"
	@tools/deps.sh build test
	@$(MAKE) --no-print-directory $(JOBS) test-built

test-built: all $(UNIT_BINS) $(REPLAYS) $(HELPERS)
	@B=$(B) GAUNTLET=$(CURDIR)/$(B)/gauntlet tests/run.sh

unit: $(UNIT_BINS) $(REPLAYS) ## unit tests and corpus replay only
	@B=$(B) tests/run.sh unit

test-asan: ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory $(JOBS) BUILD=asan test-built
test-tsan: ## the tests under ThreadSanitizer
	@$(MAKE) --no-print-directory $(JOBS) BUILD=tsan test-built

.PHONY: test-browser deps-browser
test-browser: all ## the tests of the HTML pages in a real browser; skipped, visibly, where there is none
	@GAUNTLET=$(CURDIR)/$(B)/gauntlet tests/browser/run.sh
deps-browser: ## install what test-browser needs: Chromium, node, npm
	@tools/deps.sh browser

.PHONY: bless
bless: all $(HELPERS) ## rewrite the golden output of the flow tests
	@BLESS=1 B=$(B) GAUNTLET=$(CURDIR)/$(B)/gauntlet tests/run.sh flow

# ---- Manual -------------------------------------------------------------------------------------------------------
.PHONY: man completions
man: all ## write man/gauntlet.1 again, after a verb or an option has changed
	@$(B)/gauntlet help --man > man/gauntlet.1
completions: all ## write completions/ again, after a verb or an option has changed
	@$(B)/gauntlet help --completion bash > completions/gauntlet.bash
	@$(B)/gauntlet help --completion zsh > completions/_gauntlet
	@$(B)/gauntlet help --completion fish > completions/gauntlet.fish

# ---- Demo ---------------------------------------------------------------------------------------------------------
.PHONY: demo
demo: ## install what is missing, build, and run suites/demo.yaml against the simulated endpoint
	@tools/deps.sh build
	@$(MAKE) --no-print-directory $(JOBS) all
	@mkdir -p results
	@./gauntlet run suites/demo.yaml --sim --db results/demo.db -o results/demo.html

.PHONY: demo-data
demo-data: $(LIBRARY) ## write datasets/demo again, byte for byte
	@mkdir -p $(B)/tools
	$(CC) $(ALL_FLAGS) -o $(B)/tools/make_demo tools/make_demo.c $(LIBRARY) $(LIB_LINK) -lgd
	@rm -rf datasets/demo/images
	@$(B)/tools/make_demo datasets/demo

.PHONY: phantom-data
phantom-data: $(LIBRARY) ## write a synthetic set of 47,524 samples to DIR (FLAGS: --samples N --files N --side PIXELS)
	@mkdir -p $(B)/tools
	$(CC) $(ALL_FLAGS) -o $(B)/tools/make_phantom tools/make_phantom.c $(LIBRARY) $(LIB_LINK)
	@$(if $(DIR),$(B)/tools/make_phantom $(FLAGS) $(DIR),echo 'DIR=... says where to'; exit 2)

# ---- Checking -----------------------------------------------------------------------------------------------------
.PHONY: check check-format check-headers check-layers check-tidy check-shell check-names check-man
check: check-layers check-headers check-names check-format check-shell check-man check-tidy ## format, layers, headers, names, shell, man page, tidy

check-layers:
	@awk -f tools/check_layers.awk harness/LAYERS $(SOURCES) $(HEADERS)

check-headers: $(HEADERS:%=$(B)/check/%.ok)
$(B)/check/%.h.ok: %.h
	@mkdir -p $(@D)
	@$(CC) $(OWN_FLAGS) $(LIB_FLAGS) -Werror -Wno-unused-function -x c -fsyntax-only $< && touch $@

check-names:
	@for f in $(SOURCES) $(HEADERS); do basename $$f; done | sort | uniq -d | sed 's/^/two files are called /' | { ! grep .; }

check-format:
	@if command -v clang-format >/dev/null; then clang-format --dry-run -Werror $(SOURCES) $(HEADERS) $(UNIT) $(FUZZERS); \
	 else echo 'check-format: skipped, clang-format is not installed'; fi

check-shell:
	@if command -v shellcheck >/dev/null; then shellcheck -x -P SCRIPTDIR $$(git ls-files '*.sh') .ci/run; \
	 else echo 'check-shell: skipped, shellcheck is not installed'; fi

check-man:
	@if command -v mandoc >/dev/null; then mandoc -T lint -W warning man/*.1; \
	 else echo 'check-man: skipped, mandoc is not installed'; fi

check-tidy:
	@if command -v clang-tidy >/dev/null; then \
	   printf '%s\n' $(SOURCES) | xargs -P 2 -n 1 sh -c 'clang-tidy --quiet "$$@" -- $(OWN_FLAGS) $(LIB_FLAGS) 2>/dev/null' tidy; \
	 else echo 'check-tidy: skipped, clang-tidy is not installed'; fi

.PHONY: size
size: ## the ten longest files and functions; never fails
	@wc -l $(SOURCES) | sort -rn | sed -n '2,11p'
	@awk -f tools/function_sizes.awk $(SOURCES) | sort -rn | head -10

.PHONY: fuzz
fuzz: ## fuzz every parser with clang's libFuzzer, T seconds each (default 60)
	@tools/fuzz.sh $${T:-60} $(FUZZERS)

.PHONY: bench bench-peers bench-quota bench-view bench-trend bench-report
bench: ## speed and memory beside nginx and wrk; prints ratios
	@tools/deps.sh build bench
	@$(MAKE) --no-print-directory $(JOBS) all
	@bench/run.sh

bench-peers: ## speed and memory beside promptfoo, Inspect and lm-evaluation-harness (npm, PyPI)
	@tools/deps.sh build bench
	@$(MAKE) --no-print-directory $(JOBS) all
	@bench/peers.sh

bench-trend: all ## how long the trend of 400 nights takes, and how much memory
	@GAUNTLET=$(B)/gauntlet bench/trend.sh

bench-quota: ## how near a run comes to a quota that nobody told it, and to a server's knee; takes six minutes
	@tools/deps.sh build bench
	@$(MAKE) --no-print-directory $(JOBS) all
	@bench/quota.sh

bench-view: ## how fast `view` answers on 475,240 trials
	@tools/deps.sh build
	@$(MAKE) --no-print-directory $(JOBS) all
	@bench/view.sh

bench-report: ## how fast the HTML report of 142,572 trials is made, opens, filters and searches
	@tools/deps.sh build bench
	@$(MAKE) --no-print-directory $(JOBS) all
	@bench/report.sh

.PHONY: bench-coverage bench-coverage-program
bench-coverage-program: all ## how often the intervals of whole runs hold the planted truth, and the gate its error rates
	@bench/coverage_program.sh

bench-coverage: $(LIBRARY) ## how often the intervals hold the truth, by simulation (REPEATS=4000)
	@mkdir -p $(B)/bench
	$(call say,cc) $(CC) $(ALL_FLAGS) -o $(B)/bench/coverage bench/coverage.c $(LIBRARY) $(LIB_LINK)
	@$(B)/bench/coverage $(REPEATS)

.PHONY: bench-alarms
bench-alarms: $(LIBRARY) ## how soon the charts of the trend raise an alarm, true and false, by simulation (REPEATS=4000)
	@mkdir -p $(B)/bench
	$(call say,cc) $(CC) $(ALL_FLAGS) -o $(B)/bench/false_alarms bench/false_alarms.c $(LIBRARY) $(LIB_LINK)
	@$(B)/bench/false_alarms $(REPEATS)

# ---- Installing ---------------------------------------------------------------------------------------------------
.PHONY: deps install uninstall dist clean help
deps: ## install the libraries that are missing (apt, dnf or brew)
	@tools/deps.sh build test

install: all ## DESTDIR, PREFIX, BINDIR, MANDIR
	install -D -m 755 $(B)/gauntlet $(DESTDIR)$(BINDIR)/gauntlet
	install -D -m 644 man/gauntlet.1 $(DESTDIR)$(MANDIR)/man1/gauntlet.1
	install -D -m 644 completions/gauntlet.bash $(DESTDIR)$(DATADIR)/bash-completion/completions/gauntlet
	install -D -m 644 completions/_gauntlet $(DESTDIR)$(DATADIR)/zsh/site-functions/_gauntlet
	install -D -m 644 completions/gauntlet.fish $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/gauntlet.fish

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(BINDIR)/gauntlet $(DESTDIR)$(MANDIR)/man1/gauntlet.1 $(DESTDIR)$(DATADIR)/bash-completion/completions/gauntlet \
	  $(DESTDIR)$(DATADIR)/zsh/site-functions/_gauntlet $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/gauntlet.fish

dist: ## a source archive of HEAD in build/
	@mkdir -p build
	git archive --prefix=gauntlet/ -o build/gauntlet.tar.gz HEAD

clean: ## remove build/ and ./gauntlet
	rm -rf build gauntlet

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | sort | awk -F'|' '{printf "  %-12s %s\n", $$1, $$2}'
