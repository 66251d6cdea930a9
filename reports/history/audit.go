package history

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// auditEvent is what is read of an audit.k8s.io/v1 Event; its metadata level has it all.
type auditEvent struct {
	Stage      string `json:"stage"`
	RequestURI string `json:"requestURI"`
	Verb       string `json:"verb"`
	User       struct {
		Username string `json:"username"`
	} `json:"user"`
	ImpersonatedUser *struct {
		Username string `json:"username"`
	} `json:"impersonatedUser"`
	UserAgent string `json:"userAgent"`
	ObjectRef *struct {
		Resource    string    `json:"resource"`
		Namespace   string    `json:"namespace"`
		Name        string    `json:"name"`
		UID         types.UID `json:"uid"`
		APIGroup    string    `json:"apiGroup"`
		Subresource string    `json:"subresource"`
	} `json:"objectRef"`
	ResponseStatus           *metav1.Status   `json:"responseStatus"`
	RequestReceivedTimestamp metav1.MicroTime `json:"requestReceivedTimestamp"`
}

// Verbs that change objects, the API groups of the resources in question, and subresources that open a connection and so
// change nothing, although connecting counts as a create.
var (
	mutating    = []string{"create", "update", "patch", "delete", "deletecollection"}
	groups      = map[string]string{"jobs": "batch", "pods": ""}
	connections = []string{"exec", "attach", "portforward", "proxy"}
)

// Audit reads from the log of an API server the requests to change Jobs and pods of the namespaces in question that were
// answered and had been received at from or later, granted or refused, oldest first. Dry runs change nothing and are left
// out. A last line that is not whole yet is left out; an error about any other names it.
func Audit(r io.Reader, namespaces func(string) bool, from time.Time) ([]Write, error) {
	lines := newScanner(r)
	var writes []Write
	for {
		text, err := lines.next()
		if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
			slices.SortStableFunc(writes, func(a, b Write) int { return a.At.Compare(b.At) })
			return writes, nil
		}
		var event auditEvent
		if err == nil {
			err = event.read(text, namespaces)
		}
		if err != nil {
			return nil, fmt.Errorf("audit log: line %d: %w", lines.number, err)
		}
		if event.changes() && !event.RequestReceivedTimestamp.Time.Before(from) {
			writes = append(writes, event.write())
		}
	}
}

// read decodes a line, if it is about one of the namespaces: most of a run's log is about those of other specs.
func (e *auditEvent) read(text []byte, namespaces func(string) bool) error {
	if !isObject(text) {
		return fmt.Errorf("no JSON object: %.80q", text)
	}
	if gjson.GetBytes(text, "kind").Str != "Event" || gjson.GetBytes(text, "apiVersion").Str != "audit.k8s.io/v1" {
		return errors.New("not an Event of audit.k8s.io/v1")
	}
	if !namespaces(gjson.GetBytes(text, "objectRef.namespace").Str) {
		return nil
	}
	return json.Unmarshal(text, e)
}

// changes reports whether the Event is the answer to a request to change a Job or pods.
func (e *auditEvent) changes() bool {
	if e.Stage != "ResponseComplete" || e.ObjectRef == nil || e.ResponseStatus == nil || !slices.Contains(mutating, e.Verb) {
		return false
	}
	group, known := groups[e.ObjectRef.Resource]
	return known && group == e.ObjectRef.APIGroup && !slices.Contains(connections, e.ObjectRef.Subresource) && !e.dry()
}

// dry reports whether the request was only tried.
func (e *auditEvent) dry() bool {
	_, query, _ := strings.Cut(e.RequestURI, "?")
	values, _ := url.ParseQuery(query) // what cannot be parsed the API server has refused
	return values.Get("dryRun") != ""
}

func (e *auditEvent) write() Write {
	w := Write{
		At: e.RequestReceivedTimestamp.UTC(), User: e.User.Username, Verb: e.Verb, Resource: e.ObjectRef.Resource,
		Subresource: e.ObjectRef.Subresource, Namespace: e.ObjectRef.Namespace, Name: e.ObjectRef.Name,
		UID: string(e.ObjectRef.UID), Code: int(e.ResponseStatus.Code),
	}
	w.Agent, _, _ = strings.Cut(e.UserAgent, "/")
	if e.ImpersonatedUser != nil {
		w.User = e.ImpersonatedUser.Username
	}
	// A refusal, and what a deletion answers of an object that is gone at once, name the object here.
	if details := e.ResponseStatus.Details; details != nil {
		w.Name = cmp.Or(w.Name, details.Name)
		w.UID = cmp.Or(w.UID, string(details.UID))
	}
	return w
}
