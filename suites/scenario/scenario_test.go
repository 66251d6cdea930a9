package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// brief is a bound for what must not come true in a test.
var brief = Bound{50 * time.Millisecond, "this test"}

// spec is what Ginkgo would report of a spec with these claims.
func spec(state types.SpecState, claims ...string) types.SpecReport {
	return types.SpecReport{
		ContainerHierarchyTexts: []string{"demo-suspend"}, LeafNodeText: "is suspended", LeafNodeType: types.NodeTypeIt,
		LeafNodeLabels: Claims(claims...), State: state, NumAttempts: 1,
		LeafNodeLocation: types.CodeLocation{FileName: "/somewhere/suites/suspension/suspend.go"},
	}
}

// ends runs the body of a spec and reports whether it ended early: outside Ginkgo, Fail and Skip panic.
func ends(body func()) (early bool) {
	defer func() { early = recover() != nil }()
	body()
	return
}

// demo applies job.demo-suspend.yaml for a spec with these claims.
func demo(t *testing.T, claims ...string) (*server, *Scenario) {
	t.Helper()
	server := connect(t)
	current = start(spec(types.SpecStatePassed, claims...))
	return server, Apply(t.Context(), "job.demo-suspend.yaml")
}

// suspended is what the Job controller writes about a suspended Job.
func (s *server) suspended(namespace string) {
	var job batchv1.Job
	s.mu.Lock()
	stored := s.objects["/apis/batch/v1/namespaces/"+namespace+"/jobs/demo-suspend"]
	s.mu.Unlock()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(stored.Object, &job); err != nil {
		panic(err)
	}
	job.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobSuspended, Status: corev1.ConditionTrue, Reason: "JobSuspended", Message: "Job suspended"}}
	s.put("/apis/batch/v1/namespaces/"+namespace+"/jobs", &job)
}

// isSuspended matches a history.State.
func isSuspended() gomegatypes.GomegaMatcher {
	return gomega.HaveField("Job.Status.Conditions", gomega.HaveLen(1))
}

// hasPods matches a *history.Job.
func hasPods(n int) gomegatypes.GomegaMatcher {
	return gomega.WithTransform(func(j *history.Job) int { return len(j.Pods()) }, gomega.Equal(n))
}

func TestSpecThatProvesItsClaims(t *testing.T) {
	server, s := demo(t, "J-102", "J-104")
	job := s.Job("demo-suspend")
	go server.suspended(s.Namespace())
	job.Await(t.Context(), "J-102", isSuspended())
	job.Prove("J-102 J-104", hasPods(0))
	if texts := current.settle(t.Context(), spec(types.SpecStatePassed)); len(texts) > 0 {
		t.Errorf("it says %q", texts)
	}
	r := result(spec(types.SpecStatePassed, "J-102", "J-104"), current)
	want := []verdict.ClaimResult{{ID: "J-102", Verdict: verdict.Proven}, {ID: "J-104", Verdict: verdict.Proven}}
	if !slices.Equal(r.Claims, want) {
		t.Errorf("claims are %+v, want %+v", r.Claims, want)
	}
	if r.Section != "suspension" || r.File != "suites/suspension/suspend.go" || r.Requests == 0 {
		t.Errorf("result is %+v", r)
	}
	h, err := history.Open(filepath.Join(connected.run, r.History))
	if err != nil {
		t.Fatal(err)
	}
	if versions := h.Job("demo-suspend").Versions(); len(versions) != 2 || versions[0].Type != history.Added {
		t.Errorf("the history holds %d versions of the Job", len(versions))
	}
	if !slices.Contains(server.requests, "DELETE /api/v1/namespaces/"+s.Namespace()) {
		t.Error("the namespace is left behind")
	}
	if early := ends(func() { Begin(t.Context()) }); !early {
		t.Error("a spec had two scenarios")
	}
}

// A spec asks for what it needs once; nothing is polled.
func TestRequestBudget(t *testing.T) {
	server, s := demo(t, "J-102")
	go server.suspended(s.Namespace())
	s.Job("demo-suspend").Await(t.Context(), "J-102", isSuspended())
	s.Job("demo-suspend").Prove("J-102", hasPods(0))
	s.Job("demo-suspend").Prove("J-102", hasPods(0))
	current.settle(t.Context(), spec(types.SpecStatePassed))
	spent := map[string]int{}
	for _, request := range server.requests {
		if method, at, _ := strings.Cut(request, " "); discovery[at] == nil {
			spent[method]++
		}
	}
	// 4 kinds listed and watched, and 3 of them listed again before the history is judged, however many claims are proved
	// from it; who leads, before and after; namespace, service account and Job created; Jobs and namespace deleted
	for method, want := range map[string]int{"GET": 8 + 3 + 2, "POST": 3, "DELETE": 2} {
		if spent[method] > want {
			t.Errorf("%d %s requests, want %d: %v", spent[method], method, want, server.requests)
		}
	}
}

func TestMismatchIsCollectedAndToldAtTheEnd(t *testing.T) {
	_, s := demo(t, "J-102", "J-104")
	s.Job("demo-suspend").Prove("J-104", hasPods(3))
	s.Prove("J-102", errors.New("no"), gomega.HaveOccurred())
	texts := current.settle(t.Context(), spec(types.SpecStatePassed))
	if len(texts) != 1 {
		t.Fatalf("it says %q", texts)
	}
	for _, part := range []string{"J-104  ", "to equal", "job/demo-suspend at", "suspend: true", "history:", "added, suspend true",
		"histories/"} {
		if !strings.Contains(texts[0], part) {
			t.Errorf("%q is missing in\n%s", part, texts[0])
		}
	}
	r := result(spec(types.SpecStateFailed, "J-102", "J-104"), current)
	if r.Claims[0].Verdict != verdict.Proven || r.Claims[1].Verdict != verdict.Refuted || r.Failure != texts[0] {
		t.Errorf("result is %+v", r)
	}
}

// What looks refuted may be no fault of the Job controller's.
func TestMismatchOnABrokenClusterIsInconclusive(t *testing.T) {
	server, s := demo(t, "J-104")
	server.unwell = true
	s.Job("demo-suspend").Prove("J-104", hasPods(3))
	current.settle(t.Context(), spec(types.SpecStatePassed))
	claims := current.proof.results()
	if claims[0].Verdict != verdict.Inconclusive || !strings.Contains(claims[0].Because, "the API server is not ready") {
		t.Errorf("claims are %+v", claims)
	}
}

// A proof after an action is about what the action brought, not about what was read before it.
func TestProofIsAboutAllUpToNow(t *testing.T) {
	_, s := demo(t, "J-104")
	job := s.Job("demo-suspend")
	before := len(job.History().Versions())
	job.Resume(t.Context())
	if after := len(job.History().Versions()); after != before+1 {
		t.Errorf("%d versions before, %d after", before, after)
	}
	current.settle(t.Context(), spec(types.SpecStatePassed))
}

func TestWaitThatIsOverRefutesAndEndsTheSpec(t *testing.T) {
	_, s := demo(t, "J-102", "J-104")
	went := false
	early := ends(func() {
		s.Job("demo-suspend").Within(brief).Await(t.Context(), "J-102", isSuspended())
		went = true
	})
	if !early || went {
		t.Error("the spec went on")
	}
	if texts := current.settle(t.Context(), spec(types.SpecStateFailed)); len(texts) != 1 || !strings.Contains(texts[0], "not exercised") {
		t.Errorf("it says %q", texts)
	}
	claims := current.proof.results()
	if claims[0].Verdict != verdict.Refuted || !strings.Contains(claims[0].Because, "for 50ms (this test)") ||
		claims[1].Verdict != verdict.NotExercised {
		t.Errorf("claims are %+v", claims)
	}
}

func TestWhatTheHarnessCannotTellIsInconclusive(t *testing.T) {
	for name, body := range map[string]func(*server, *Scenario, context.Context){
		"a step that is not reached": func(_ *server, s *Scenario, ctx context.Context) {
			s.Job("demo-suspend").Within(brief).Reach(ctx, isSuspended())
		},
		"a spec that is interrupted": func(_ *server, s *Scenario, ctx context.Context) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			s.Job("demo-suspend").Await(ctx, "J-102", isSuspended())
		},
		"a manifest that is refused": func(server *server, s *Scenario, ctx context.Context) {
			server.refuse["jobs"] = "no more Jobs"
			s.Apply(ctx, "job.demo-deadline.yaml")
		},
		"a manifest that is not there": func(_ *server, s *Scenario, ctx context.Context) { s.Apply(ctx, "none.yaml") },
		"a manifest that does not decode": func(_ *server, s *Scenario, ctx context.Context) {
			_ = s.Try(ctx, []byte("kind: [\n"))
		},
		"a matcher for something else": func(_ *server, s *Scenario, _ context.Context) {
			s.Prove("J-102", 5, gomega.HaveOccurred())
		},
		"a wait for nothing":                   func(_ *server, s *Scenario, ctx context.Context) { s.Job("demo-suspend").Await(ctx, "J-102") },
		"a claim that was not named":           func(_ *server, s *Scenario, _ context.Context) { s.Prove("J-104", nil, gomega.BeNil()) },
		"no claim at all":                      func(_ *server, s *Scenario, _ context.Context) { s.Prove(" ", nil, gomega.BeNil()) },
		"a command in a pod that is not there": func(_ *server, s *Scenario, ctx context.Context) { _, _ = s.Exec(ctx, "none", "true") },
		"a change of a Job that is not there":  func(_ *server, s *Scenario, ctx context.Context) { s.Job("none").Suspend(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
			server, s := demo(t, "J-102")
			s.Prove("J-102", nil, gomega.BeNil())
			if early := ends(func() { body(server, s, t.Context()) }); !early {
				t.Error("the spec went on")
			}
			current.settle(t.Context(), spec(types.SpecStateFailed))
			if claims := current.proof.results(); claims[0].Verdict != verdict.Inconclusive || claims[0].Because == "" {
				t.Errorf("claims are %+v", claims)
			}
		})
	}
}

func TestRefusalIsAnAnswer(t *testing.T) {
	server, s := demo(t, "J-102")
	server.refuse["services"] = "clusterIP: Invalid value"
	err := s.Try(t.Context(), []byte("apiVersion: v1\nkind: Service\nmetadata: {name: demo}\n"))
	if err == nil || !strings.Contains(err.Error(), "Invalid value") {
		t.Errorf("error is %v", err)
	}
	current.settle(t.Context(), spec(types.SpecStatePassed))
}

func TestChangesAreSeenBeforeTheyReturn(t *testing.T) {
	server := connect(t)
	server.late = 10 * time.Millisecond
	current = start(spec(types.SpecStatePassed, "J-102"))
	s := Apply(t.Context(), "job.demo-suspend.yaml")
	job := s.Job("demo-suspend")
	for range 5 {
		job.Resume(t.Context())
		if *job.State().Job.Spec.Suspend {
			t.Fatal("resumed, and the state is still suspended")
		}
		job.Suspend(t.Context())
		if !*job.State().Job.Spec.Suspend {
			t.Fatal("suspended, and the state is still resumed")
		}
	}
	job.Delete(t.Context())
	if job.State().Job != nil {
		t.Error("deleted, and it is still there")
	}
	if view := job.History(); len(view.Versions()) != 1+2*5+1 || !view.Gone().Happened() {
		t.Errorf("the history holds %d versions", len(view.Versions()))
	}
	current.settle(t.Context(), spec(types.SpecStatePassed))
}

func TestDeletedPodIsSeenToGo(t *testing.T) {
	server, s := demo(t, "J-102")
	pods := "/api/v1/namespaces/" + s.Namespace() + "/pods"
	server.put(pods, &corev1.Pod{
		TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v1"}, ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: s.Namespace()},
	})
	if err := s.until(t.Context(), "the pod", func(live *history.Live) bool { return podNamed(live, "a") != nil }); err != nil {
		t.Fatal(err)
	}
	s.DeletePod(t.Context(), "a")
	if len(s.Live().Pods()) != 0 {
		t.Error("the pod is still there")
	}
	current.settle(t.Context(), spec(types.SpecStatePassed))
}

func TestFullDiskMakesNothingProven(t *testing.T) {
	_, s := demo(t, "J-102")
	s.Prove("J-102", nil, gomega.BeNil())
	if err := s.file.Close(); err != nil { // the next write fails, as on a full disk
		t.Fatal(err)
	}
	_ = ends(func() { s.Job("demo-suspend").Within(brief).Suspend(t.Context()) })
	current.settle(t.Context(), spec(types.SpecStatePassed))
	if claims := current.proof.results(); claims[0].Verdict != verdict.Inconclusive {
		t.Errorf("claims are %+v", claims)
	}
}

func TestUnknownClaimEndsTheSpec(t *testing.T) {
	connect(t)
	r := start(spec(types.SpecStatePassed, "J-999"))
	if r.proof.end == nil || !strings.Contains(r.proof.end.why, "J-999") {
		t.Errorf("it ended with %+v", r.proof.end)
	}
}

func TestConnectNamesWhatIsWrong(t *testing.T) {
	run := t.TempDir()
	if err := Connect(run); err == nil || !strings.Contains(err.Error(), run) {
		t.Errorf("error is %v", err)
	}
	if err := os.WriteFile(filepath.Join(run, "cluster.json"), []byte(`{"name":"c","kubeconfig":"/nowhere"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Connect(run); err == nil || !strings.Contains(err.Error(), "/nowhere") {
		t.Errorf("error is %v", err)
	}
}
