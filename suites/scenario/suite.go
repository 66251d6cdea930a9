package scenario

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/e2e-framework/klient/k8s/resources"

	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// suite is what all specs of this process share.
type suite struct {
	run       string // the run's folder
	cluster   *cluster.Cluster
	config    *rest.Config
	resources *resources.Resources
	clients   *kubernetes.Clientset
	claims    *claims.Registry
	requests  *counter
}

// connected is set by Connect before any spec runs; a process runs one spec at a time.
var connected *suite

// Results is the folder of a run's folder that holds the results of its specs.
const Results = "results"

// Connect makes every scenario of this process run on the cluster of a run's folder, which holds cluster.json and gets
// results/ and histories/.
func Connect(run string) error {
	s := &suite{run: run, requests: &counter{}}
	var err error
	s.claims, _ = claims.Load() // what is faulty ends the specs that name it; the run tells of all
	if s.cluster, err = cluster.Load(run); err != nil {
		return fmt.Errorf("connect to the cluster of %s: %w", run, err)
	}
	if s.config, err = s.cluster.RESTConfig(); err != nil {
		return fmt.Errorf("connect to cluster %s: %w", s.cluster.Name, err)
	}
	if s.cluster.Made {
		cluster.Impersonate(s.config)
	}
	s.config.Wrap(s.requests.wrap)
	// What the API server warns of belongs to the spec that caused it.
	s.config.WarningHandler = rest.NewWarningWriter(ginkgo.GinkgoWriter, rest.WarningWriterOptions{})
	if s.resources, err = resources.New(s.config); err != nil {
		return fmt.Errorf("connect to cluster %s: %w", s.cluster.Name, err)
	}
	if s.clients, err = kubernetes.NewForConfig(s.config); err != nil {
		return fmt.Errorf("connect to cluster %s: %w", s.cluster.Name, err)
	}
	connected = s
	return nil
}

// Plan returns what the specs of a preview that would run are to show. If none was left out but those for the thorough, that
// is every claim that can be proven on the version of the run's cluster, whether or not a spec names it.
func Plan(run string, preview types.Report) (verdict.Plan, error) {
	c, err := cluster.Load(run)
	if err != nil {
		return verdict.Plan{}, err
	}
	registry, _ := claims.Load()
	plan := verdict.Plan{Specs: specs(preview)}
	for _, spec := range preview.SpecReports {
		switch skipped := spec.LeafNodeType.Is(types.NodeTypeIt) && spec.State.Is(types.SpecStateSkipped); {
		case skipped && !slices.Contains(spec.Labels(), ThoroughLabel):
			return verdict.Plan{Specs: plan.Specs}, nil
		case skipped:
			plan.LeftOut = append(plan.LeftOut, spec.FullText())
		}
	}
	for _, claim := range registry.All() {
		if claim.ProvableOn(c.Version) {
			plan.Claims = append(plan.Claims, claim.ID)
		}
	}
	return plan, nil
}

// specs returns those of a preview that would run.
func specs(preview types.Report) []verdict.Planned {
	var planned []verdict.Planned
	for _, spec := range preview.SpecReports {
		if spec.LeafNodeType.Is(types.NodeTypeIt) && !spec.State.Is(types.SpecStateSkipped) {
			planned = append(planned, verdict.Planned{
				Spec: spec.FullText(), Section: section(spec), Claims: claimsOf(spec.Labels()), Stage: string(stageOf(spec.Labels())),
			})
		}
	}
	return planned
}

// place is where a spec's code stands, relative to the repository.
func place(spec types.SpecReport) string {
	file := filepath.ToSlash(spec.LeafNodeLocation.FileName)
	if i := strings.LastIndex(file, "/suites/"); i >= 0 {
		return file[i+1:]
	}
	return file
}

// section is the package of a spec.
func section(spec types.SpecReport) string {
	return filepath.Base(filepath.Dir(place(spec)))
}

// historyOf is where a spec's history is recorded, relative to the run's folder.
func historyOf(spec types.SpecReport) string {
	return filepath.Join(history.Folder, verdict.Slug(spec.FullText())+history.Extension)
}
