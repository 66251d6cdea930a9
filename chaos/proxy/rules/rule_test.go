package rules_test

import (
	"reflect"
	"testing"

	"github.com/jobproof/jobproof/chaos/proxy/rules"
)

func TestWhatARequestIsAbout(t *testing.T) {
	for _, test := range []struct {
		method, path string
		watch        bool
		want         rules.Request
	}{
		{"DELETE", "/api/v1/namespaces/demo/pods/one", false, rules.Request{Verb: "delete", Resource: "pods", Namespace: "demo", Name: "one"}},
		{"DELETE", "/api/v1/namespaces/demo/pods", false, rules.Request{Verb: "deletecollection", Resource: "pods", Namespace: "demo"}},
		{"PUT", "/apis/batch/v1/namespaces/demo/jobs/one/status", false,
			rules.Request{Verb: "update", Resource: "jobs/status", Namespace: "demo", Name: "one"}},
		{"POST", "/api/v1/namespaces/demo/pods", false, rules.Request{Verb: "create", Resource: "pods", Namespace: "demo"}},
		{"PATCH", "/api/v1/namespaces/demo/pods/one", false, rules.Request{Verb: "patch", Resource: "pods", Namespace: "demo", Name: "one"}},
		{"GET", "/api/v1/pods", true, rules.Request{Verb: "watch", Resource: "pods"}},
		{"GET", "/api/v1/pods", false, rules.Request{Verb: "list", Resource: "pods"}},
		{"GET", "/api/v1/namespaces/demo", false, rules.Request{Verb: "get", Resource: "namespaces", Name: "demo"}},
		{"PUT", "/api/v1/namespaces/demo/finalize", false, rules.Request{Verb: "update", Resource: "namespaces/finalize", Name: "demo"}},
		{"GET", "/healthz", false, rules.Request{}},
		{"GET", "/api/v1", false, rules.Request{}},
	} {
		if got := rules.Read(test.method, test.path, test.watch); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s %s is about %+v, want %+v", test.method, test.path, got, test.want)
		}
	}
}

func TestWhichRequestsARulePicks(t *testing.T) {
	deletes := rules.Rule{User: "jc", Verb: "delete", Resource: "pods", Namespace: "demo", Prefix: "one-"}
	creates := rules.Rule{Verb: "create", Resource: "pods", Prefix: "one-"}
	for name, test := range map[string]struct {
		rule rules.Rule
		of   rules.Request
		want bool
	}{
		"all of it":          {deletes, rules.Request{User: "jc", Verb: "delete", Resource: "pods", Namespace: "demo", Name: "one-x"}, true},
		"another pod":        {deletes, rules.Request{User: "jc", Verb: "delete", Resource: "pods", Namespace: "demo", Name: "two-x"}, false},
		"another user":       {deletes, rules.Request{User: "gc", Verb: "delete", Resource: "pods", Namespace: "demo", Name: "one-x"}, false},
		"another namespace":  {deletes, rules.Request{User: "jc", Verb: "delete", Resource: "pods", Namespace: "else", Name: "one-x"}, false},
		"a subresource":      {deletes, rules.Request{User: "jc", Verb: "delete", Resource: "pods/status", Namespace: "demo", Name: "one-x"}, false},
		"in what is sent":    {creates, rules.Request{Verb: "create", Resource: "pods", Body: []byte("\x0a\x04one-\x00")}, true},
		"not in what's sent": {creates, rules.Request{Verb: "create", Resource: "pods", Body: []byte("\x0a\x04two-\x00")}, false},
		"no rule at all":     {rules.Rule{}, rules.Request{Verb: "get", Resource: "nodes", Name: "x"}, true},
	} {
		if got := test.rule.Picks(&test.of); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
