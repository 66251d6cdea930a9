# Each target is one command. Options are variables: make e2e VERSION=v1.36.3

.PHONY: help e2e chaos replay shrink null-chaos heal claims judge seal test mutants-history golden lint bench clean jobproof

help: ## list the targets and the options
	@grep -hE '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 18; echo; bin/jobproof --help 2>/dev/null || go run ./hack/jobproof --help

jobproof:
	go build -o bin/jobproof ./hack/jobproof

e2e: jobproof ## prove the documented Jobs on a real kind cluster
	@bin/jobproof e2e

chaos: jobproof ## a storm of faults over many Jobs of every kind: make chaos MINUTES=10 SEED=7
	@bin/jobproof chaos

replay: jobproof ## conduct one plan: make replay PLAN=<file> TIMES=10
	@bin/jobproof replay

shrink: jobproof ## the fewest steps of a plan that still break what it breaks: make shrink PLAN=<file>
	@bin/jobproof shrink

null-chaos: jobproof ## run the specs with faults without the faults: none may come out proven
	@bin/jobproof null-chaos

heal: jobproof ## undo in clusters what killed runs left: faults, stopped nodes, namespaces
	@bin/jobproof heal

claims: jobproof ## what became of each statement on each version, with the file that shows it
	@bin/jobproof claims

judge: jobproof ## judge a run again from its files: make judge RUN=out/<run>
	@bin/jobproof judge

seal: jobproof ## make a hand-made history judgeable: make seal HISTORY=<file.jsonl>
	@bin/jobproof seal

clean: jobproof ## remove clusters, build containers and engine that earlier runs left
	@bin/jobproof clean

test: ## everything that needs no cluster, with the race detector where anything runs at once
	go test -race $$(go list ./chaos/... ./fixtures/... ./reports/... ./suites/... ./hack/... | grep -v reports/judge)
	go test ./reports/judge/...
	cd fixtures/images/mongo && go test ./...

mutants-history: ## how much the judge notices of what is wrong with a history
	@go run ./hack/mutants

golden: ## record the legal histories anew: make golden VERSION=v1.36.3
	@go run ./hack/golden

bench: ## cost of recording, reading and judging object versions
	go test -run '^$$' -bench . -benchmem ./reports/history ./reports/judge

lint: ## go vet and staticcheck
	go vet ./... && go tool staticcheck ./...
	for module in mongo dataset; do (cd fixtures/images/$$module && go vet ./...) || exit 1; done
