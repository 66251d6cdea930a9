package plan

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// whole is a plan with every key that there is.
const whole = `plan: whole
says: 'Everything: at once.'
seed: 18446744073709551615
profile: pods
claims: [J-038, J-218]
jobs:
- chaos.plan-indexed.yaml
- chaos.plan-tasks.yaml
steps:
- when: {job: indexed, index: 3, pod: Succeeded+tracked, nth: 2}
  fault: delete-pod
  at: {job: indexed, index: 0, pod: Running, count: 1}
- when: {job: tasks, status: uncountedTerminatedPods, atLeast: 2}
  after: 1
  fault: kill-pod
  at: {job: indexed, pod: Running, count: all}
  within: 4m
- when: {job: indexed, condition: FailureTarget}
  act: delete-job
  with: {propagation: Foreground}
- when: {job: indexed, done: 70%}
  fault: kill-container
  at: {job: tasks, pod: Running}
  with: {container: task}
  until: {elapsed: 1h}
- when: {job: tasks, quiet: true}
  fault: kill-controller
  until: {node: victim, is: NotReady}
- when: {elapsed: 1m30s}
  act: scale
  at: {job: tasks}
  with: {completions: "9", parallelism: "0"}
ends:
- {job: indexed, created: 0, gone: true}
- {job: tasks, condition: Failed, reason: BackoffLimitExceeded, succeeded: 0, failed: 7, within: 1m30s}
`

func bare(p *Plan) *Plan {
	p.file, p.lines = "", nil
	return p
}

func TestAPlanIsReadAndWritten(t *testing.T) {
	p, err := Parse("whole.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	text := p.Bytes()
	again, err := Parse("whole.yaml", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if !reflect.DeepEqual(bare(again), bare(p)) {
		t.Errorf("read from its own bytes it is\n%+v, and was\n%+v", again, p)
	}
	if !bytes.Equal(again.Bytes(), text) {
		t.Errorf("its bytes change:\n%s\n%s", text, again.Bytes())
	}
	if string(text) != whole {
		t.Errorf("it is not written as it was:\n%s", text)
	}
}

func TestErrorsNameTheLineAndWhatWouldBeRight(t *testing.T) {
	for _, test := range []struct{ old, new, says string }{
		{"plan: whole", "plan: Whole", `whole.yaml:1: "Whole" is not a name`},
		{"plan: whole", "plan: half", "whole.yaml:1: the plan is called half and its file whole.yaml"},
		{"says: 'Everything: at once.'", "", "whole.yaml:1: it says nothing"},
		{"profile: pods", "profile: storms", `whole.yaml:4: there is no profile "storms": is it storm?`},
		{"J-218", "J-999", "whole.yaml:5: "},
		{"claims: [J-038, J-218]", "claims: []", "whole.yaml:5: it names no claim"},
		{"- chaos.plan-tasks.yaml", "- chaos.plan-task.yaml", `whole.yaml:8: there is no manifest "chaos.plan-task.yaml" in fixtures/jobs: is it chaos.plan-tasks.yaml?`},
		{"- chaos.plan-tasks.yaml", "- chaos.plan-indexed.yaml", "whole.yaml:8: chaos.plan-indexed.yaml holds a Job indexed, and so does another"},
		{"index: 3, pod", "index: 7, pod", "whole.yaml:10: no pod of the Job indexed has the index 7: there are 0 to 4"},
		{"{job: indexed, index: 3, pod", "{job: tasks, index: 3, pod", "whole.yaml:10: no pod of the Job tasks has an index"},
		{"pod: Succeeded+tracked", "pod: Suceeded", `whole.yaml:10: there is no phase of pods "Suceeded": is it Succeeded?`},
		{"nth: 2", "nht: 2", "whole.yaml:10: unknown key nht: is it nth?"},
		{"nth: 2", "nth: two", "whole.yaml:10: `two` is not a whole number"},
		{"nth: 2", "atLeast: 2", "whole.yaml:10: atLeast belongs to status:, and this waits for pod:"},
		{"fault: delete-pod", "fault: delete-pods", `whole.yaml:11: there is no fault "delete-pods": is it delete-pod?`},
		{"fault: delete-pod", "act: delete-pod", `whole.yaml:11: there is no act "delete-pod": is it delete-job?`},
		{"  fault: delete-pod\n", "", "whole.yaml:10: step 1 does nothing"},
		{"count: 1", "count: 0", `whole.yaml:12: "0" is not a number of pods`},
		{"count: 1", "count: 2", "whole.yaml:12: one index has one pod that is Running, not 2"},
		{"  at: {job: indexed, index: 0, pod: Running, count: 1}", "  at: {job: index, pod: Running}", `whole.yaml:12: there is no Job "index": is it indexed?`},
		{"  at: {job: indexed, index: 0, pod: Running, count: 1}", "  at: {job: indexed}", "whole.yaml:12: it does not say how the pods must stand"},
		{"status: uncountedTerminatedPods, atLeast: 2", "status: active, atLeast: 3", "whole.yaml:13: the Job tasks never has 3 active pods: its parallelism is 2"},
		{"status: uncountedTerminatedPods", "status: uncounted", `whole.yaml:13: there is no field of a Job's status "uncounted"`},
		{"after: 1", "after: 2", "whole.yaml:14: step 2 cannot wait for step 2"},
		{"within: 4m", "within: 4", `whole.yaml:17: "4" is not a duration`},
		{"condition: FailureTarget", "condition: Failure", "whole.yaml:18: there is no condition of Jobs"},
		{"condition: FailureTarget", "condition: Suspended", "whole.yaml:18: the Job indexed is never suspended: no step suspends it"},
		{"propagation: Foreground", "propagation: Forward", "whole.yaml:20: there is no propagation \"Forward\""},
		{"propagation: Foreground", "cascade: Foreground", `whole.yaml:20: delete-job takes no "cascade": it takes propagation`},
		{"done: 70%", "done: 170%", `whole.yaml:21: "170%" is not a share`},
		{"with: {container: task}", "with: {pod: task}", `whole.yaml:24: kill-container takes no parameter "pod": it takes container`},
		{"until: {elapsed: 1h}", "until: {elapsed: 0s}", `whole.yaml:25: "0s" is not a duration`},
		{"until: {elapsed: 1h}", "until: {job: indexed}", "whole.yaml:25: the trigger waits for nothing"},
		{"job: tasks, quiet: true", "job: tasks, quiet: true, is: running", "whole.yaml:26: the trigger waits for is and quiet"},
		{"node: victim", "node: worker3", "whole.yaml:28: a trigger knows one node"},
		{"is: NotReady", "is: Broken", `whole.yaml:28: there is no state of a node "Broken"`},
		{`parallelism: "0"`, `parallelism: "-1"`, `whole.yaml:32: "-1" is not a parallelism`},
		{"gone: true", "gone: perhaps", "whole.yaml:34: `perhaps` is not true or false"},
		{"created: 0, gone: true", "within: 1m", "whole.yaml:34: it says nothing about the Job indexed"},
		{"succeeded: 0", "succeeded: 10", "whole.yaml:35: the Job tasks never counts 10 successes: it has 9 completions"},
		{"reason: BackoffLimitExceeded", "reason: BackoffLimit", "whole.yaml:35: there is no reason of a condition"},
		{"succeeded: 0", "completedIndexes: 0-3", "whole.yaml:35: the Job tasks never has the completed indexes"},
		{"succeeded: 0", "failed: 1", "whole.yaml:35: the key failed is given twice"},
		{"ends:\n", "ended:\n", "whole.yaml:33: unknown key ended: is it ends?"},
		{whole[strings.Index(whole, "ends:"):], "", "whole.yaml:1: it has no ends"},
		{"plan: whole", "plan: [", "whole.yaml:"},
		{whole, "", "whole.yaml:1: it is empty"},
		{whole, whole + "---\nplan: second\n", "more than one document"},
	} {
		text := strings.Replace(whole, test.old, test.new, 1)
		if text == whole {
			t.Fatalf("%q is not in the plan", test.old)
		}
		if _, err := Parse("whole.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s → %s:\n  %v\nwant\n  %s", test.old, test.new, err, test.says)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s → %s: more than one line: %v", test.old, test.new, err)
		}
	}
}

// Whatever Parse accepts is the same when it is written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	plans, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range plans {
		f.Add(p.Bytes())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("", text)
		if err != nil {
			return
		}
		again, err := Parse("", p.Bytes())
		if err != nil || !bytes.Equal(again.Bytes(), p.Bytes()) {
			t.Errorf("%v after\n%s", err, p.Bytes())
		}
	})
}

// Damaged in one place, a plan is the same when it is written and read again, or an error that names a line.
func TestDamagedPlansAreErrorsOrPlans(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		text := []byte(whole)
		at := random.IntN(len(text))
		text[at] = " :{}[],-'\"#&*!|>%@`0a\n\t"[random.IntN(23)]
		p, err := Parse("whole.yaml", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "whole.yaml:") {
				t.Errorf("no line: %v", err)
			}
			continue
		}
		again, err := Parse("whole.yaml", p.Bytes())
		if err != nil || !reflect.DeepEqual(bare(again), bare(p)) {
			t.Errorf("%v: not the same after\n%s", err, p.Bytes())
		}
	}
}
