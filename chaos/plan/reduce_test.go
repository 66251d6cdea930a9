package plan

import (
	"errors"
	"fmt"
	"testing"
)

// long is a plan of n steps that can be told apart by their parameter.
func long(n int) *Plan {
	p := &Plan{
		Name: "long", Says: "It is long.", Claims: []string{"J-166"}, Jobs: []string{"chaos.plan-tasks.yaml", "chaos.plan-indexed.yaml"},
		Ends: []End{{Job: "tasks", Condition: "Complete"}, {Job: "indexed", Condition: "Complete"}},
	}
	for i := range n {
		p.Steps = append(p.Steps, Step{When: Trigger{Job: "tasks", Pod: "Running", Nth: i + 1}, Fault: "delete-pod"})
	}
	return p
}

// has reports whether a plan has all steps of those numbers.
func (p *Plan) hasSteps(numbers ...int) bool {
	for _, n := range numbers {
		found := false
		for _, step := range p.Steps {
			found = found || step.When.Nth == n
		}
		if !found {
			return false
		}
	}
	return true
}

func TestReduceFindsTheStepsThatMatter(t *testing.T) {
	for _, test := range []struct {
		steps   int
		culprit []int
		most    int // how often it may ask
	}{
		{1, []int{1}, 3}, {1, nil, 3}, {8, nil, 3}, {8, []int{8}, 12}, {8, []int{3, 4}, 25}, {8, []int{1, 8}, 40},
		{40, []int{7, 20, 33}, 140}, {5, []int{1, 2, 3, 4, 5}, 25},
	} {
		asked := 0
		p := long(test.steps)
		reduced, err := Reduce(p, func(candidate *Plan) (bool, error) {
			asked++
			if err := candidate.Check(); err != nil {
				t.Errorf("it was asked about what is no plan: %v", err)
			}
			return candidate.hasSteps(test.culprit...), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(reduced.Steps) != len(test.culprit) || !reduced.hasSteps(test.culprit...) {
			t.Errorf("%d steps, of which %v matter: it kept %+v", test.steps, test.culprit, reduced.Steps)
		}
		if len(reduced.Jobs) != 1 {
			t.Errorf("%d steps, of which %v matter: it kept the Jobs %v", test.steps, test.culprit, reduced.Jobs)
		}
		if asked > test.most {
			t.Errorf("%d steps, of which %v matter: it asked %d times", test.steps, test.culprit, asked)
		}
		if len(p.Steps) != test.steps || len(p.Jobs) != 2 {
			t.Errorf("the plan itself was changed: %+v", p)
		}
	}
}

func TestReduceKeepsTheOrderOfSteps(t *testing.T) {
	p := long(4)
	p.Steps[1].After, p.Steps[2].After, p.Steps[3].After = 1, 2, 3
	reduced, err := Reduce(p, func(candidate *Plan) (bool, error) { return candidate.hasSteps(1, 4), nil })
	if err != nil || len(reduced.Steps) != 2 || reduced.Steps[1].After != 1 {
		t.Errorf("%v: %+v", err, reduced.Steps)
	}
	reduced, err = Reduce(p, func(candidate *Plan) (bool, error) { return candidate.hasSteps(3), nil })
	if err != nil || len(reduced.Steps) != 1 || reduced.Steps[0].After != 0 {
		t.Errorf("%v: %+v", err, reduced.Steps)
	}
}

func TestReduceSkipsWhatIsNoPlan(t *testing.T) {
	p := long(2)
	p.Steps = append(p.Steps, Step{When: Trigger{Job: "tasks", Is: IsRunning}, Act: Suspend}, Step{When: Trigger{Job: "tasks", Is: IsSuspended}, Act: Resume})
	reduced, err := Reduce(p, func(candidate *Plan) (bool, error) {
		for _, step := range candidate.Steps {
			if step.Act == Resume {
				return true, nil
			}
		}
		return false, nil
	})
	if err != nil || len(reduced.Steps) != 2 {
		t.Errorf("%v: %+v", err, reduced.Steps)
	}
}

func TestReduceReturnsTheBestThereWasWithAnError(t *testing.T) {
	asked := 0
	reduced, err := Reduce(long(8), func(candidate *Plan) (bool, error) {
		if asked++; asked > 4 {
			return false, errors.New("the cluster is gone")
		}
		return candidate.hasSteps(8), nil
	})
	if err == nil || len(reduced.Steps) == 8 || !reduced.hasSteps(8) {
		t.Errorf("%v: %+v", err, reduced.Steps)
	}
}

func ExampleReduce() {
	reduced, _ := Reduce(long(16), func(p *Plan) (bool, error) { return p.hasSteps(5, 11), nil })
	for _, step := range reduced.Steps {
		fmt.Println(step.When)
	}
	// Output:
	// pod 5 of the Job tasks to be Running
	// pod 11 of the Job tasks to be Running
}

// What faults make a Job count is no breach where the faults are left out.
func TestReducedEndsDoNotCountFailures(t *testing.T) {
	p := long(2)
	four, done := 4, "0-3"
	p.Ends = []End{
		{Job: "tasks", Condition: "Complete", Succeeded: &four, Failed: &four, Created: &four, Indexes: &done},
		{Job: "tasks", Condition: "Failed", Reason: "BackoffLimitExceeded", Failed: &four},
	}
	if whole := p.only([]int{0, 1}); len(whole.Ends) != 2 || whole.Ends[0].Failed == nil {
		t.Errorf("with all steps the ends are %+v", whole.Ends)
	}
	less := p.only([]int{1})
	if len(less.Ends) != 1 || less.Ends[0] != (End{Job: "tasks", Condition: "Complete", Succeeded: &four, Indexes: &done}) {
		t.Errorf("with fewer steps the ends are %+v", less.Ends)
	}
}
