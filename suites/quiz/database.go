package quiz

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/scenario"
)

// Database is the quiz application's database in a scenario.
type Database struct {
	scenario *scenario.Scenario
	servers  int
}

// first is the pod that the documents send their commands to.
const first = "quiz-0"

// Start brings the database up and returns when it takes documents. The spec ends, and can show nothing, if it does not
// come up.
func Start(ctx context.Context, s *scenario.Scenario) *Database {
	ginkgo.GinkgoHelper()
	db := Launch(ctx, s)
	if db.Replicates() {
		db.initiate(ctx)
	}
	return db
}

// Launch starts the database's servers and returns when they listen. Servers of MongoDB itself take no documents before
// somebody has made them a replica set; that is what the documents' Job quiz-init is for.
func Launch(ctx context.Context, s *scenario.Scenario) *Database {
	ginkgo.GinkgoHelper()
	s.Needs(images.Mongo)
	db := &Database{scenario: s, servers: servers(s)}
	s.Apply(ctx, "sts.quiz.yaml", func(object k8s.Object) {
		if set, is := object.(*appsv1.StatefulSet); is {
			set.Spec.Replicas = new(int32(db.servers))
		}
	})
	s.Objects().Reach(ctx, gomega.WithTransform(ready, gomega.HaveLen(db.servers)))
	return db
}

// Replicates reports whether the servers form a replica set, or will once they are made one.
func (db *Database) Replicates() bool { return db.servers > 1 }

// servers is how many the database has: the three of the documents if they can form a replica set. The stand-in for MongoDB
// that is built here cannot, and of several servers that each say they are alone mongodb+srv takes none.
func servers(s *scenario.Scenario) int {
	is := s.Cluster().Images[images.Mongo].Is
	for _, image := range images.All {
		if image.Reference == images.Mongo && image.Is == is {
			return 1
		}
	}
	return 3
}

// ready names the servers whose pods are Ready.
func ready(live *history.Live) []string {
	var names []string
	for _, pod := range live.Pods() {
		if pod.Labels["part"] != "database" || pod.DeletionTimestamp != nil {
			continue
		}
		for _, c := range pod.Status.Conditions {
			if c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue {
				names = append(names, pod.Name)
			}
		}
	}
	return names
}

// Eval evaluates JavaScript in MongoDB's shell, as the documents do, and returns what the shell printed. The spec ends, and
// can show nothing, if that fails.
func (db *Database) Eval(ctx context.Context, script string) string {
	ginkgo.GinkgoHelper()
	return db.run(ctx, "mongosh", "kiada", "--quiet", "--eval", script)
}

// Read evaluates a JavaScript expression and decodes its value, as extended JSON in its relaxed form, into what into points
// to: a date is then {"$date": "2021-02-28T00:00:00Z"}.
func (db *Database) Read(ctx context.Context, expression string, into any) {
	ginkgo.GinkgoHelper()
	out := db.Eval(ctx, fmt.Sprintf("print(EJSON.stringify(%s))", expression))
	gomega.Expect(json.Unmarshal([]byte(out), into)).To(gomega.Succeed(), "%s printed %s", expression, out)
}

// run runs a command beside the first server.
func (db *Database) run(ctx context.Context, args ...string) string {
	ginkgo.GinkgoHelper()
	out, err := db.scenario.Exec(ctx, first, args...)
	gomega.Expect(err).NotTo(gomega.HaveOccurred(), "it printed %s", out)
	return out
}
