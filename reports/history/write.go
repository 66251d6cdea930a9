package history

import (
	"errors"
	"time"
)

// Write is one request to change Jobs or pods, as the API server's audit log has it. It may have been refused.
type Write struct {
	// At is when the request reached the API server, in microseconds of its clock: before anything it changed was seen.
	At time.Time `json:"at"`
	// User made the request, or was impersonated in it.
	User string `json:"user"`
	// Agent is the program, such as kube-controller-manager: the User-Agent up to its first slash. A client can say there
	// what it likes.
	Agent string `json:"agent"`
	// Verb is create, update, patch, delete or deletecollection, and Resource is jobs or pods.
	Verb     string `json:"verb"`
	Resource string `json:"resource"`
	// Subresource is status, eviction, binding and the like, or empty.
	Subresource string `json:"subresource"`
	Namespace   string `json:"namespace"`
	// Name is empty for a deletecollection and for a create that leaves the name to the API server.
	Name string `json:"name"`
	// UID is empty unless the audit log has it.
	UID string `json:"uid,omitempty"`
	// Code is the HTTP status of the answer.
	Code int `json:"code"`
}

// Accepted reports whether the request was granted.
func (w Write) Accepted() bool { return w.Code >= 200 && w.Code < 300 }

// check refuses a write that says nothing.
func (w Write) check() error {
	if w.At.IsZero() || w.Verb == "" || w.Resource == "" {
		return errors.New("a write needs at, verb and resource")
	}
	return nil
}
