package scenario

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jobproof/jobproof/reports/verdict"
)

// running is the spec that this process runs.
type running struct {
	proof    *proof
	scenario *Scenario // nil until it begins one
	requests int64     // how many had been sent before it
	settled  bool
}

// current is nil between specs, and always in a process that is not connected: one that lists the specs only.
var current *running

// Register makes every spec of this process begin and end with what a scenario needs. It is called right before RunSpecs:
// nodes at the root that are there earlier are lost when the specs are previewed (Suite.Clone in Ginkgo's
// internal/suite.go).
func Register() {
	ginkgo.BeforeEach(func() {
		if connected == nil {
			ginkgo.Fail("no cluster: scenario.Connect was not called")
		}
		current = start(ginkgo.CurrentSpecReport())
		if end := current.proof.end; end != nil {
			ginkgo.Fail(end.why)
		}
	})
	// What a spec has shown is settled before its own clean-up runs, so that what the clean-up does is not taken for
	// behaviour.
	ginkgo.JustAfterEach(func(ctx ginkgo.SpecContext) {
		if current == nil {
			return
		}
		report := ginkgo.CurrentSpecReport()
		switch text := strings.Join(current.settle(ctx, report), "\n"); {
		case text == "":
		case report.Failed():
			fmt.Fprintln(ginkgo.GinkgoWriter, text) // Ginkgo shows a second failure only on request, but always this
		default:
			ginkgo.Fail(text)
		}
	})
	ginkgo.ReportAfterEach(func(report ginkgo.SpecReport) {
		if connected == nil || report.State.Is(types.SpecStateSkipped) && report.NumAttempts == 0 {
			return // it was not chosen
		}
		err := verdict.Write(filepath.Join(connected.run, Results), result(report, current))
		current = nil
		if err != nil {
			ginkgo.Fail(err.Error())
		}
	})
}

// start begins a spec. A claim that does not exist ends it at once.
func start(report types.SpecReport) *running {
	claims := claimsOf(report.Labels())
	r := &running{proof: newProof(claims), requests: connected.requests.sent.Load()}
	for _, id := range claims {
		switch claim, known := connected.claims.Get(id); {
		case !known:
			r.proof.finish(ending{why: connected.claims.Lacks(id)})
		case claim.Unprovable != "":
			r.proof.finish(ending{why: id + " is named by a spec, and fixtures/claims says that no cluster can show it"})
		}
	}
	return r
}

// settle ends a spec and returns what is left to say about it: the failures that it went on after, and the claims that
// it did not prove for another reason.
func (r *running) settle(ctx context.Context, report types.SpecReport) []string {
	if end := endingOf(report); end != nil {
		r.proof.finish(*end)
	}
	if r.scenario != nil {
		if err := r.scenario.settle(ctx); err != nil {
			fmt.Fprintln(ginkgo.GinkgoWriter, err)
		}
		r.proof.texts = append(r.proof.texts, r.scenario.breaches()...)
	}
	r.settled = true
	if r.proof.skipped() {
		return nil
	}
	return append(r.proof.fresh(), r.proof.open()...)
}

// result is the outcome of a spec that is over. A spec that never began has no running.
func result(report types.SpecReport, ran *running) verdict.Result {
	r := verdict.Result{
		Spec: report.FullText(), Section: section(report), File: place(report),
		Started: report.StartTime, Seconds: report.RunTime.Seconds(),
	}
	if report.Failed() {
		r.Failure = failureOf(report)
	}
	p := newProof(claimsOf(report.Labels()))
	if ran != nil {
		p = ran.proof
		r.Requests = int(connected.requests.sent.Load() - ran.requests)
		if ran.scenario != nil && ran.scenario.file != nil {
			r.History, r.Judgement = ran.scenario.path, ran.scenario.judgement
			r.Judging = ran.scenario.judging.Seconds()
			r.Transcript, r.Faults, r.Plan = ran.scenario.transcript, ran.scenario.hits(), ran.scenario.plan
		}
		if len(p.texts) > 0 {
			r.Failure = strings.Join(p.texts, "\n")
		}
	}
	if ran == nil || !ran.settled {
		if end := endingOf(report); end != nil {
			p.finish(*end)
		}
	}
	r.Claims = p.results()
	return r
}

// endingOf says why a spec is over early, from what Ginkgo knows; nil if it is not.
func endingOf(report types.SpecReport) *ending {
	switch {
	case report.State.Is(types.SpecStatePending):
		return &ending{why: "the spec is pending", skipped: true}
	case report.State.Is(types.SpecStateSkipped):
		return &ending{why: cmp.Or(sentence(report.Failure.Message), "the spec was skipped"), skipped: true}
	case report.Failed():
		return &ending{why: fmt.Sprintf("it %s: %s", report.State, sentence(failureOf(report)))}
	default:
		return nil
	}
}

// failureOf is what Ginkgo knows about the failure of a spec.
func failureOf(report types.SpecReport) string {
	text := report.Failure.Message
	if report.Failure.ForwardedPanic != "" {
		text += ": " + report.Failure.ForwardedPanic
	}
	return text
}
