package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// audited is an Event of an audit log at the metadata level, as an API server writes it, after changes: old, new, old …
func audited(changes ...string) string {
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"6a9f","stage":"ResponseComplete",` +
		`"requestURI":"/api/v1/namespaces/jp-test/pods/a?timeout=30s","verb":"delete","user":{"username":"system:serviceaccount:` +
		`kube-system:job-controller","uid":"1","groups":["system:authenticated"]},"sourceIPs":["172.18.0.2"],` +
		`"userAgent":"kube-controller-manager/v1.37.0 (linux/amd64) kubernetes/abc/system:serviceaccount:kube-system:job-controller",` +
		`"objectRef":{"resource":"pods","namespace":"jp-test","name":"a","apiVersion":"v1"},` +
		`"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-01-01T00:00:05.123456Z",` +
		`"stageTimestamp":"2026-01-01T00:00:05.130000Z","annotations":{"authorization.k8s.io/decision":"allow"}}`
	for i := 0; i < len(changes); i += 2 {
		event = strings.Replace(event, changes[i], changes[i+1], 1)
	}
	return event
}

// of is a filter that lets one namespace through.
func of(namespace string) func(string) bool { return func(n string) bool { return n == namespace } }

func TestAuditReadsAWrite(t *testing.T) {
	want := Write{
		At:   time.Date(2026, 1, 1, 0, 0, 5, 123_456_000, time.UTC),
		User: "system:serviceaccount:kube-system:job-controller", Agent: "kube-controller-manager",
		Verb: "delete", Resource: "pods", Namespace: "jp-test", Name: "a", Code: 200,
	}
	status := want
	status.Subresource = "status"
	refused := want
	refused.Code, refused.UID = 409, "u1"
	impersonated := want
	impersonated.User, impersonated.Agent = "jobproof", "e2e.test"
	job := want
	job.Resource, job.Verb, job.Name, job.UID, job.Code = "jobs", "create", "demo-x1", "u2", 201
	unnamed := want
	unnamed.Verb, unnamed.Name, unnamed.Code = "create", "", 201
	for name, test := range map[string]struct {
		event string
		want  Write
	}{
		"a deletion":    {audited(), want},
		"a subresource": {audited(`"name":"a"`, `"name":"a","subresource":"status"`), status},
		"a refusal": {audited(`"metadata":{},"code":200`,
			`"metadata":{},"status":"Failure","reason":"Conflict","details":{"name":"a","kind":"pods","uid":"u1"},"code":409`), refused},
		"an impersonated user": {audited(`"sourceIPs"`, `"impersonatedUser":{"username":"jobproof"},"sourceIPs"`,
			"kube-controller-manager/v1.37.0 (linux/amd64)", "e2e.test/v0"), impersonated},
		"a Job": {audited(`"resource":"pods"`, `"resource":"jobs"`, `"apiVersion":"v1"`, `"apiGroup":"batch","apiVersion":"v1","uid":"u2"`,
			`"delete"`, `"create"`, `"name":"a"`, `"name":"demo-x1"`, `200`, `201`), job},
		"a create without a name": {audited(`"delete"`, `"create"`, `"name":"a",`, ``, `200`, `201`), unnamed},
		"an answer that names it": {audited(`"name":"a",`, ``, `"metadata":{},`, `"metadata":{},"details":{"name":"a"},`), want},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Audit(strings.NewReader(test.event+"\n"), of("jp-test"), time.Time{})
			if err != nil || len(got) != 1 || got[0] != test.want {
				t.Errorf("read %+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}

func TestAuditLeavesOut(t *testing.T) {
	for name, event := range map[string]string{
		"other stages":        audited(`"ResponseComplete"`, `"RequestReceived"`),
		"reads":               audited(`"delete"`, `"get"`),
		"other namespaces":    audited(`"namespace":"jp-test"`, `"namespace":"jp-else"`),
		"other resources":     audited(`"resource":"pods"`, `"resource":"events"`),
		"CronJobs":            audited(`"resource":"pods"`, `"resource":"cronjobs","apiGroup":"batch"`),
		"pods of other APIs":  audited(`"apiVersion":"v1"},`, `"apiGroup":"metrics.k8s.io"},`),
		"Jobs of other APIs":  audited(`"resource":"pods"`, `"resource":"jobs"`),
		"what came before":    audited("00:00:05.123456Z", "00:00:04.999999Z"),
		"dry runs":            audited("timeout=30s", "dryRun=All"),
		"connections":         audited(`"delete"`, `"create"`, `"name":"a"`, `"name":"a","subresource":"exec"`),
		"requests of nothing": audited(`"objectRef"`, `"object"`),
		"no answer":           audited(`"responseStatus"`, `"response"`),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Audit(strings.NewReader(event+"\n"), of("jp-test"), second(5).Time); err != nil || len(got) != 0 {
				t.Errorf("read %+v, %v", got, err)
			}
		})
	}
}

func TestAuditSortsAndSkipsATornLine(t *testing.T) {
	event := func(name string, micro int) string {
		return audited(`"name":"a"`, fmt.Sprintf(`"name":%q`, name), "123456Z", fmt.Sprintf("%06dZ", micro))
	}
	log := plain(event("c", 30), event("a", 10), event("b", 20)) // in the order of the answers
	for name, torn := range map[string]string{"nothing": "", "a torn line": event("d", 40)[:300], "a line without its end": event("d", 40)} {
		got, err := Audit(strings.NewReader(log+torn), of("jp-test"), time.Time{})
		var names []string
		for _, w := range got {
			names = append(names, w.Name)
		}
		if err != nil || !slices.Equal(names, []string{"a", "b", "c"}) {
			t.Errorf("after %s: read %v, %v", name, names, err)
		}
	}
}

func TestAuditNamesTheDamagedLine(t *testing.T) {
	for name, line := range map[string]string{
		"garbage":      "{",
		"an empty one": "",
		"another kind": strings.Replace(audited(), `"kind":"Event"`, `"kind":"Policy"`, 1),
		"another API":  strings.Replace(audited(), `audit.k8s.io/v1`, `audit.k8s.io/v2`, 1),
		"a wrong time": strings.Replace(audited(), `2026-01-01T00:00:05.123456Z`, `noon`, 1),
	} {
		_, err := Audit(strings.NewReader(plain(audited(), line, audited())), of("jp-test"), time.Time{})
		if err == nil || !strings.HasPrefix(err.Error(), "audit log: line 2: ") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func BenchmarkAudit(b *testing.B) {
	log := strings.Repeat(audited()+"\n", 1000)
	for _, namespace := range []string{"jp-test", "jp-else"} {
		b.Run(namespace, func(b *testing.B) {
			b.SetBytes(int64(len(log)))
			for b.Loop() {
				if _, err := Audit(strings.NewReader(log), of(namespace), time.Time{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
