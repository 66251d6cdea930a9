// Package rules says which requests a proxy holds up or answers itself. It is what the faults of package proxy write down
// and the program between reads.
package rules

import (
	"bytes"
	"strings"
	"time"
)

// Rule picks requests and says what becomes of them. Fields that are empty pick all.
type Rule struct {
	// User is who asks: system:serviceaccount:kube-system:job-controller.
	User string `json:"user,omitempty"`
	// Verb is get, list, watch, create, update, patch, delete or deletecollection.
	Verb string `json:"verb,omitempty"`
	// Resource is a resource, or one of its subresources: pods, jobs/status.
	Resource  string `json:"resource,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	// Prefix is how the name of the object begins. One that is created has no name yet: it picks those that have it anywhere
	// in what is sent.
	Prefix string `json:"prefix,omitempty"`

	// Code answers the request in place of the API server, 0 leaves it to that.
	Code int `json:"code,omitempty"`
	// Lost has the API server carry out what is then answered with Code: only the answer is lost.
	Lost bool `json:"lost,omitempty"`
	// Delay holds the request up first, in nanoseconds; of a watch it holds up each thing it tells, by as long.
	Delay time.Duration `json:"delay,omitempty"`
	// Times is how many requests are picked, 0 for all as long as the rule stands.
	Times int `json:"times,omitempty"`
}

// Request is what is known of a request.
type Request struct {
	User, Verb, Resource, Namespace, Name string
	// Body is what a create sends.
	Body []byte
}

// Picks reports whether the rule is about a request, no matter how many it has picked.
func (r *Rule) Picks(q *Request) bool {
	named := strings.HasPrefix(q.Name, r.Prefix) || q.Name == "" && bytes.Contains(q.Body, []byte(r.Prefix))
	return is(r.User, q.User) && is(r.Verb, q.Verb) && is(r.Resource, q.Resource) && is(r.Namespace, q.Namespace) && named
}

func is(want, got string) bool { return want == "" || want == got }

// Read says what a request to the API server is about, from its method, its path and whether it asks to watch. It is empty
// for those that are about no resource.
func Read(method, path string, watch bool) Request {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case len(parts) > 2 && parts[0] == "api":
		parts = parts[2:]
	case len(parts) > 3 && parts[0] == "apis":
		parts = parts[3:]
	default:
		return Request{}
	}
	var q Request
	if len(parts) > 2 && parts[0] == "namespaces" && parts[2] != "status" && parts[2] != "finalize" {
		q.Namespace, parts = parts[1], parts[2:]
	}
	q.Resource = parts[0]
	if len(parts) > 1 {
		q.Name = parts[1]
	}
	if len(parts) > 2 {
		q.Resource += "/" + strings.Join(parts[2:], "/")
	}
	q.Verb = verb(method, q.Name, watch)
	return q
}

func verb(method, name string, watch bool) string {
	switch method {
	case "POST":
		return "create"
	case "PUT":
		return "update"
	case "PATCH":
		return "patch"
	case "DELETE":
		if name == "" {
			return "deletecollection"
		}
		return "delete"
	case "GET":
		switch {
		case watch:
			return "watch"
		case name == "":
			return "list"
		}
		return "get"
	}
	return strings.ToLower(method)
}
