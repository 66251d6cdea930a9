package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("Configuration", func() {
	It("reaches a Job's pods as files and in the environment, from objects that the pods only refer to",
		scenario.Claims("J-012", "J-013", "J-014", "J-015", "J-016"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "configuration.yaml")
			job := s.Job("configured")
			settings, credentials, keys := configMap(ctx, s, "settings"), secret(ctx, s, "credentials"), secret(ctx, s, "keys")

			job.Await(ctx, "J-012 J-013 J-014 J-015", expect.Condition(batchv1.JobComplete))
			got, err := readReport(lastWords(job.History()))
			Expect(err).NotTo(HaveOccurred())

			Expect(settings.BinaryData).NotTo(BeEmpty())
			for key, value := range settings.BinaryData {
				s.Prove("J-012", got.file("/etc/settings/"+key), Equal("-rw-r--r-- "+string(value)))
			}
			for key, value := range settings.Data {
				s.Prove("J-012", got.file("/etc/settings/"+key), Equal("-rw-r--r-- "+value))
				s.Prove("J-013", got.variable("SETTING_"+key), Equal(value))
			}
			s.Prove("J-013", got.variable("LEVEL"), Equal(settings.Data["level"]))
			s.Prove("J-014", got.file("/etc/keys/private"), Equal("-r-------- "+string(keys.Data["private"])))
			s.Prove("J-014", got.file("/etc/keys/public"), Equal("-r--r--r-- "+string(keys.Data["public"])))
			password, token := string(credentials.Data["password"]), string(credentials.Data["token"])
			s.Prove("J-015", got.variable("PASSWORD"), Equal(password))
			s.Prove("J-015", got.variable("CREDENTIAL_password"), Equal(password))
			// The kubelet hands the bytes on; what the runtime makes of a container is a JSON file.
			s.Prove("J-015", got.variable("CREDENTIAL_token"), Or(Equal(token), Equal(asText(token))))

			values := []string{settings.Data["level"], settings.Data["greeting"], password}
			s.Prove("J-016", hardCoded(s.History(), values...), BeEmpty())
		})

	It("that is not there yet is waited for, without a failure",
		scenario.Claims("J-016"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "configuration-late.yaml")
			job := s.Job("configured-late")

			// A failure would be the Job's last: its limit is 0.
			job.Await(ctx, "J-016", expect.WaitingPods(1, "CreateContainerConfigError"), expect.ActivePods(1),
				HaveField("Job.Status.Active", BeEquivalentTo(1)), expect.CountsFailed(0))
			_, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Create(ctx, &corev1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Name: "late-settings"}, Data: map[string]string{"level": "verbose"},
			}, metav1.CreateOptions{})
			Expect(err).NotTo(HaveOccurred())
			job.Await(ctx, "J-016", expect.Condition(batchv1.JobComplete))

			job.Prove("J-016", expect.CreatedPods(1), expect.CountedFailures(0), expect.ThePod(0, HaveField("Restarts()", BeZero())),
				expect.ThePod(0, expect.LastWords("task", "level verbose")))
		})
})

// configMap reads a ConfigMap of the scenario.
func configMap(ctx context.Context, s *scenario.Scenario, name string) *corev1.ConfigMap {
	GinkgoHelper()
	object, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return object
}

// secret reads a Secret of the scenario.
func secret(ctx context.Context, s *scenario.Scenario, name string) *corev1.Secret {
	GinkgoHelper()
	object, err := s.Clients().CoreV1().Secrets(s.Namespace()).Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return object
}

// lastWords is what the task of a Job's first pod left in its termination log, or "".
func lastWords(job *history.Job) string {
	for _, pod := range job.Pods() {
		if task, is := pod.Container("task"); is && len(task.Runs) > 0 {
			return task.Runs[0].Message
		}
	}
	return ""
}

// hardCoded says which versions of Jobs and pods had one of the values in their spec.
func hardCoded(recorded *history.History, values ...string) []string {
	var found []string
	for _, version := range recorded.Versions() {
		if version.Kind != history.Jobs.Name && version.Kind != history.Pods.Name {
			continue
		}
		var object struct{ Spec json.RawMessage }
		if err := json.Unmarshal(version.Object, &object); err != nil {
			found = append(found, err.Error())
		}
		for _, value := range values {
			if strings.Contains(string(object.Spec), inJSON(value)) {
				found = append(found, fmt.Sprintf("%s %s (rv %d) has %q in its spec", version.Kind, version.Name, version.RV, value))
			}
		}
	}
	return found
}

// inJSON is how a text stands in JSON, without the quotes around it.
func inJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // JSON can hold every string, or what asText makes of it
	}
	return string(quoted[1 : len(quoted)-1])
}

// asText is what JSON makes of bytes: a replacement character for each that is no UTF-8.
func asText(bytes string) string {
	var text strings.Builder
	for _, char := range bytes {
		text.WriteRune(char)
	}
	return text.String()
}
