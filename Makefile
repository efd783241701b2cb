# Lectern: every task, one line each in `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# A machine may be bare: no home in the environment (Go keeps its caches there),
# or a checkout of somebody else's, of which git tells Go nothing.
ifeq ($(HOME),)
export HOME := $(or $(shell getent passwd "$$(id -u)" | cut -d: -f6),$(CURDIR)/.home)
endif
export GOFLAGS := $(if $(findstring -buildvcs,$(GOFLAGS)),$(GOFLAGS),$(GOFLAGS) -buildvcs=false)

DATA       ?= $(or $(XDG_STATE_HOME),$(HOME)/.local/state)/lectern
PREFIX     ?= /usr/local
LISTEN     ?= 127.0.0.1:8085
VERSION    ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS    := -s -w -X main.version=$(VERSION)
# The packages of all modules: the product's; object stores' clients; what only measures.
ALL        := ./... ./bucket/blob/... ./bench/...
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
CYCLONEDX  := go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
SOURCES    := $(shell find . \( -name '*.go' -o -name '*.[ch]' -o -name '*.tsv' -o -name '*.txt' -o -name '*.sql' -o -name '*.json' -o -name '*.cjs' \) -not -path './bin/*' -not -path './bench/*' -not -path './.venv/*' -not -path './.clients/*' -not -path './.tools/*') go.mod go.sum bucket/blob/go.mod bucket/blob/go.sum

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: programs ## install what is missing, build, get the default voice, and start the server
	@bin/lectern voices install heart || echo "The server starts without it; bin/lectern voices install heart tries again."
	bin/lectern serve --listen $(LISTEN) --data $(DATA)

build: programs bin/lectern-stores ## bin/lectern and its workers, and lectern-stores

# All but lectern-stores, whose clients take longer to build than all the rest.
programs: deps-build bin/lectern bin/lectern-espeak bin/lectern-flite bin/lectern-neural

# Without gRPC's tracing there is no template in the programs, so that the linker
# leaves out what nobody calls: a tenth of them.
bin/%: $(SOURCES)
	GOWORK=off go build -tags grpcnotrace -ldflags '$(LDFLAGS)' -o $@ ./cmd/$*

# The server once more, with the clients of object stores in it.
bin/lectern-stores: $(SOURCES)
	GOWORK=off go build -C bucket/blob -tags grpcnotrace -ldflags '$(LDFLAGS)' -o $(CURDIR)/$@ ./cmd/lectern-stores

install: build ## the program and its workers below PREFIX (/usr/local), with manual pages and shell completions
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/lectern $(addprefix $(DESTDIR)$(PREFIX)/share/,man/man1 bash-completion/completions zsh/site-functions fish/vendor_completions.d)
	install bin/lectern $(DESTDIR)$(PREFIX)/bin/
	install bin/lectern-* $(DESTDIR)$(PREFIX)/libexec/lectern/
	GOWORK=off go run -tags man -ldflags '$(LDFLAGS)' ./cmd/lectern man $(DESTDIR)$(PREFIX)/share/man/man1
	bin/lectern completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/lectern
	bin/lectern completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_lectern
	bin/lectern completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lectern.fish

test: build deps-test ## the whole test suite, real engines and official clients included
	LECTERN_TEST_TOOLS=required go test -count=1 -timeout 30m $(ALL)

fuzz: ## every fuzz target looks for new inputs: make fuzz TIME=20s
	@scripts/fuzz $(TIME)

cases: ## other people's cases, scored: make cases CASES=DIR, with MOS=yes how natural voices sound too
	@go run ./bench/scores $(if $(MOS),-mos) "$(CASES)"

clients: build ## Google's clients of two ages (docs/compatibility.md), a browser, OpenAI's for Node, LiveKit's and Pipecat's plugins, LangChain's tool, Home Assistant's integration, an emulator of Azure, Jest and JUnit, from their registries
	@scripts/install clients
	LECTERN_TEST_CLIENTS=required go test -count=1 -timeout 30m -run 'TestNodeClient|TestJavaClient|TestNodeStorageClient|TestJavaStorageClient|TestJestClient|TestJUnitClient|TestBrowser|TestOpenAINodeClient|TestAgentFrameworks|TestUnchanged|TestCompatibility|TestTrustOther|TestAzure' ./bench/peers ./bucket/blob

check: deps-check ## format, vet, staticcheck, golangci-lint, the floors, licences, what stands in deploy/
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "gofmt: $$unformatted"; exit 1; }
	go vet $(ALL)
	go vet -tags man ./internal/command
	$(STATICCHECK) $(ALL)
	.tools/golangci-lint run
	cd bench && ../.tools/golangci-lint run --config ../.golangci.yml
	cd bucket/blob && ../../.tools/golangci-lint run --config ../../.golangci.yml
	go test -count=1 ./internal/floors ./bench/licences
	scripts/check-vulnerabilities
	$(MAKE) sbom
	scripts/check-deploy

race: build deps-test ## the suite's short form under the race detector
	LECTERN_TEST_TOOLS=required go test -count=1 -timeout 30m -race -short $(ALL)

sbom: bin/lectern ## bin/lectern.cdx.json: what the program is made of, as CycloneDX
	@$(CYCLONEDX) bin -json -output bin/lectern.cdx.json bin/lectern

proof: build deps-test ## what takes too long for the suite
	LECTERN_TEST_TOOLS=required LECTERN_PROOF=yes go test -count=1 -timeout 60m -run 'TestKokoro|TestNeuralIsIntelligible|TestFaultsOfTheFileSystem|TestReadsAsTheReferences|TestFuzzedMessages|TestNodes$$' ./internal/command ./cmd/lectern-neural ./bench/peers ./bench/proof ./longaudio ./textnorm

bench: build deps-bench ## the table of figures, each beside its reference
	go run ./bench/proof $(BENCH)

generate: ## regenerate stubs and gateway
	go generate $(ALL)

deps-build:
	@scripts/install build

deps-test:
	@scripts/install test

deps-bench:
	@scripts/install bench

deps-check:
	@scripts/install check

clean: ## remove what was built
	rm -rf bin .venv .voices .clients .tools

.PHONY: help run build programs install test race fuzz cases clients check sbom proof bench generate deps-build deps-test deps-bench deps-check clean
