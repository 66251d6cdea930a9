package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// Scenario is a namespace with documented objects in it, recorded from before the first of them.
type Scenario struct {
	*suite
	proof      *proof
	spec       string // its full text
	namespace  string
	made       bool // there is such a namespace
	recorder   *history.Recorder
	file       *os.File
	path       string            // of file, relative to the run's folder
	transcript string            // likewise; "" as long as nothing was asked
	plan       string            // likewise; "" if none is conducted
	uids       map[string]string // of the Jobs created here, by name
	broken     map[string]bool   // the nodes that the spec makes fail
	faults     []*chaos.Injected // in the order in which they were injected
	crowded    bool              // the spec itself makes pods that fit nowhere or whose image cannot be had

	judgement *verdict.Judgement // of the sealed history; nil before it is sealed
	judging   time.Duration      // spent on judging

	read *history.History // all that had happened when the spec last waited or acted; nil if it was not read since
}

// Begin makes a namespace called jp- and eight random characters and starts recording its Jobs, pods and events, the
// nodes, and the kinds in also. The spec ends, and can show nothing, if that does not succeed. A spec has one scenario.
func Begin(ctx context.Context, also ...history.Kind) *Scenario {
	ginkgo.GinkgoHelper()
	if current == nil {
		ginkgo.Fail("a scenario begins in a spec, after scenario.Connect and scenario.Register")
	}
	if current.scenario != nil {
		ginkgo.Fail("a spec has one scenario; apply further manifests to it")
	}
	report := ginkgo.CurrentSpecReport()
	s := &Scenario{
		suite: connected, proof: current.proof, spec: report.FullText(), namespace: cluster.NamespacePrefix + rand.String(8),
		path: historyOf(report), uids: map[string]string{}, broken: map[string]bool{},
	}
	current.scenario = s // from here on the end of the spec clears up after it
	if err := s.begin(ctx, slices.Concat(history.Default, also)); err != nil {
		s.cannotTell(fmt.Errorf("begin a scenario: %w", err))
	}
	return s
}

func (s *Scenario) begin(ctx context.Context, kinds []history.Kind) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		Name:        s.namespace,
		Labels:      map[string]string{"app.kubernetes.io/managed-by": "jobproof", chaos.OptIn: "allowed"},
		Annotations: map[string]string{"jobproof.dev/spec": s.spec},
	}}
	err := s.resources.Create(ctx, namespace)
	if err != nil {
		return fmt.Errorf("create namespace %s: %w", s.namespace, err)
	}
	s.made = true
	path := filepath.Join(s.run, s.path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if s.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644); err != nil {
		return err
	}
	s.recorder, err = history.Record(ctx, s.config,
		history.Scope{
			Run: filepath.Base(s.run), Spec: s.spec, Cluster: s.cluster.Name, Kubernetes: s.cluster.Version, Order: s.order(),
			Audited: s.cluster.AuditLog() != "", Controller: s.controller(ctx), Namespace: s.namespace, Kinds: kinds,
		}, s.file)
	if err != nil {
		return err
	}
	// A pod that comes before the namespace's service account is refused, and the Job controller writes an Event about it
	// and backs off. The account is therefore made here, not waited for; its controller finds it and leaves it be.
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: s.namespace}}
	if err := s.resources.Create(ctx, account); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create service account default: %w", err)
	}
	return nil
}

// Apply begins a scenario and creates the objects of a manifest in it.
func Apply(ctx context.Context, file string, edits ...Edit) *Scenario {
	ginkgo.GinkgoHelper()
	s := Begin(ctx)
	s.Apply(ctx, file, edits...)
	return s
}

// Apply creates every object of a manifest of fixtures/jobs, each after all edits. It returns when the recorder has seen
// the Jobs among them. The spec ends, and can show nothing, if the API server refuses one.
func (s *Scenario) Apply(ctx context.Context, file string, edits ...Edit) {
	ginkgo.GinkgoHelper()
	manifest, err := jobs.Read(file)
	if err == nil {
		err = s.create(ctx, manifest, edits)
	}
	if err != nil {
		s.cannotTell(fmt.Errorf("apply %s: %w", file, err))
	}
}

// Try creates the objects of a manifest and returns the API server's refusal, or nil if it accepted all of them. The
// spec ends, and can show nothing, if the API server did not answer or the manifest does not decode.
func (s *Scenario) Try(ctx context.Context, manifest []byte, edits ...Edit) error {
	ginkgo.GinkgoHelper()
	err := s.create(ctx, manifest, edits)
	s.note("try to create", string(manifest), err)
	var refusal apierrors.APIStatus
	if err != nil && (!errors.As(err, &refusal) || refusal.Status().Code >= 500) {
		s.cannotTell(fmt.Errorf("try a manifest: %w", err))
	}
	return err
}

// Namespace returns the name of the scenario's namespace.
func (s *Scenario) Namespace() string { return s.namespace }

// Job returns a handle on a Job, which need not exist yet.
func (s *Scenario) Job(name string) *Job { return &Job{scenario: s, name: name, bound: Prompt} }

// Live returns the objects that exist now, from the recorder.
func (s *Scenario) Live() *history.Live { return s.recorder.Live() }

// Prove asks matcher about actual: an error, an output, anything that is not a Job's history. A mismatch refutes the
// claims and is reported when the spec ends; the spec goes on. Several claims are separated by spaces: "J-104 J-112".
func (s *Scenario) Prove(claims string, actual any, matcher types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	s.prove(s.ids(claims), "", actual, matcher)
}

// prove asks one matcher about actual; a Job's name, if given, says whose history belongs to a failure.
func (s *Scenario) prove(ids []string, job string, actual any, matcher types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	met, err := matcher.Match(actual)
	switch {
	case err != nil:
		s.cannotTell(fmt.Errorf("%v cannot be proved like this: %w", ids, err))
	case met:
		s.proof.meet(ids)
	default:
		message := matcher.FailureMessage(actual)
		s.proof.refute(ids, sentence(message), s.explain(s.stated(ids), message, job))
	}
}

// ids checks that the spec names the claims.
func (s *Scenario) ids(claims string) []string {
	ginkgo.GinkgoHelper()
	ids, err := s.proof.ids(claims)
	if err != nil {
		s.cannotTell(err)
	}
	return ids
}

// CannotShow ends the spec: the cluster lacks something, as because says, and what was not refuted by now is inconclusive.
func (s *Scenario) CannotShow(because string) {
	ginkgo.GinkgoHelper()
	s.cannotTell(errors.New(because))
}

// cannotTell ends the spec because something other than the behaviour in question went wrong.
func (s *Scenario) cannotTell(err error) {
	ginkgo.GinkgoHelper()
	s.proof.finish(ending{why: sentence(err.Error())})
	ginkgo.Fail(strings.Join(append(s.proof.fresh(), "inconclusive: "+err.Error()), "\n"))
}
