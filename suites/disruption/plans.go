package disruption

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// One spec for each plan; or, where a plan is replayed, for each time that it is.
var _ = Describe("A Job of the plan", func() {
	if file := os.Getenv(scenario.PlanVariable); file != "" {
		replay(file)
		return
	}
	plans, err := plan.Embedded()
	if err != nil {
		panic(err) // the tests of package plan keep that from happening
	}
	for _, p := range plans {
		if p.Thorough {
			conduct(p.Name, p, scenario.Slow, scenario.Thorough)
			continue
		}
		conduct(p.Name, p, scenario.Slow)
	}
})

// replay makes a spec of a plan for each time that it is to be conducted.
func replay(file string) {
	text, err := os.ReadFile(file)
	var p *plan.Plan
	if err == nil {
		p, err = plan.Parse(file, text)
	}
	times, wrong := strconv.Atoi(cmp.Or(os.Getenv(scenario.TimesVariable), "1"))
	if err != nil || wrong != nil {
		panic(fmt.Sprint(err, wrong)) // make replay has read both before there was a cluster
	}
	for i := range times {
		conduct(fmt.Sprintf("%s, replay %d of %d", p.Name, i+1, times), p, Label(scenario.ReplayLabel))
	}
}

// conduct makes a spec of a plan: its Jobs come to what it says, although its faults hit them.
func conduct(name string, p *plan.Plan, decorators ...any) {
	decorators = append(decorators, scenario.Chaos, scenario.Claims(p.Claims...), func(ctx SpecContext) {
		s := scenario.Begin(ctx)
		victim, edits := "", []scenario.Edit(nil)
		if p.NeedsVictim() {
			victim = s.Borrow(ctx)
			edits = append(edits, jobs.On(victim))
		}
		for _, manifest := range p.Jobs {
			s.Apply(ctx, manifest, edits...)
		}
		s.Conduct(ctx, p, victim)
		defer s.OpenGates(ctx, completing(p)...)()
		claims := strings.Join(p.Claims, " ")
		for _, end := range p.Ends {
			now, past := matchers(end)
			job := s.Job(end.Job).Within(bound(end))
			switch {
			case end.Gone:
				job.Await(ctx, claims, now...)
			case len(now) > 0:
				job.AwaitEnd(ctx, claims, now...)
			}
			if len(past) > 0 {
				job.Prove(claims, past...)
			}
		}
	})
	if p.Serial() {
		decorators = append(decorators, scenario.BreaksControlPlane)
	}
	It(name, decorators...)
}

// completing names the Jobs whose work is to be done: once all steps are confirmed, nothing keeps their tasks any longer.
func completing(p *plan.Plan) (names []string) {
	for _, end := range p.Ends {
		if c := batchv1.JobConditionType(end.Condition); c == batchv1.JobComplete || c == batchv1.JobSuccessCriteriaMet {
			names = append(names, end.Job)
		}
	}
	return names
}

func bound(end plan.End) scenario.Bound {
	return scenario.Bound{
		Limit: cmp.Or(time.Duration(end.Within), plan.Within), Origin: "within, of the plan's ends, or else the constant Within of package plan",
	}
}

// matchers are what an end says, about how the Job stands and about all that it did.
func matchers(end plan.End) (now, past []types.GomegaMatcher) {
	condition := batchv1.JobConditionType(end.Condition)
	switch {
	case end.Gone:
		now = append(now, expect.NoJob(), expect.NoPods())
	case end.Reason != "":
		now = append(now, expect.ConditionBecause(condition, end.Reason))
	case end.Condition != "":
		now = append(now, expect.Condition(condition))
	}
	if end.Succeeded != nil {
		now = append(now, expect.CountsSucceeded(int32(*end.Succeeded)))
	}
	if end.Failed != nil {
		now = append(now, expect.CountsFailed(int32(*end.Failed)))
	}
	if end.Indexes != nil {
		past = append(past, expect.CompletedIndexes(*end.Indexes))
	}
	if end.Created != nil {
		past = append(past, expect.CreatedPods(*end.Created))
	}
	return now, past
}
