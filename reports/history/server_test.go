package history

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"
)

// patience bounds every wait of these tests; it is long because it only matters when something is broken.
const patience = 30 * time.Second

// server is an API server that answers for one kind from a script: the n-th list request gets the n-th list, the n-th
// watch request the n-th watch. The last list is given again and again; watches that are not in the script stay silent.
type server struct {
	lists   []answer
	watches []func(*stream)

	mu      sync.Mutex
	listed  int
	watched []url.Values
	paths   []string // of all requests
}

// answer is the answer to a list request.
type answer struct {
	status int // 0 means 200
	body   string
}

// stream is one open watch.
type stream struct {
	w       http.ResponseWriter
	request *http.Request
}

// send sends text as it is, which may be half a frame or many.
func (s *stream) send(text string) {
	_, _ = io.WriteString(s.w, text)
	s.w.(http.Flusher).Flush()
}

// abort breaks the connection, unlike a return, which ends the answer properly.
func (s *stream) abort() { panic(http.ErrAbortHandler) }

// hold keeps the watch open until the client leaves.
func (s *stream) hold() { <-s.request.Context().Done() }

func (s *server) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	query := request.URL.Query()
	s.mu.Lock()
	s.paths = append(s.paths, request.URL.Path)
	s.mu.Unlock()
	if query.Get("watch") != "true" {
		s.mu.Lock()
		answer := s.lists[min(s.listed, len(s.lists)-1)]
		s.listed++
		s.mu.Unlock()
		if answer.status != 0 {
			w.WriteHeader(answer.status)
		}
		_, _ = io.WriteString(w, answer.body)
		return
	}
	s.mu.Lock()
	n := len(s.watched)
	s.watched = append(s.watched, query)
	s.mu.Unlock()
	watch := (*stream).hold
	if n < len(s.watches) {
		watch = s.watches[n]
	}
	watch(&stream{w, request})
}

// from returns the resource versions that watches were asked to start from.
func (s *server) from() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var from []string
	for _, query := range s.watched {
		from = append(from, query.Get("resourceVersion"))
	}
	return from
}

// start serves until the test ends.
func (s *server) start(t testing.TB) *rest.Config {
	t.Helper()
	served := httptest.NewServer(s)
	t.Cleanup(served.Close)
	return &rest.Config{Host: served.URL}
}

// pod is the JSON of a small pod.
func pod(name string, rv int, phase string) string {
	return fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":%q,"namespace":"jp-test","uid":"uid-%s",`+
		`"resourceVersion":"%d","managedFields":[{"manager":"kubelet"}]},"status":{"phase":%q}}`, name, name, rv, phase)
}

// podList is the answer to a list of pods as of rv.
func podList(rv int, pods ...string) answer {
	return answer{body: fmt.Sprintf(`{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"%d"},"items":[%s]}`+"\n",
		rv, strings.Join(pods, ","))}
}

// event is a frame of a watch.
func event(typ, object string) string {
	return fmt.Sprintf(`{"type":%q,"object":%s}`+"\n", typ, object)
}

// bookmark is the frame that says nothing happened up to rv.
func bookmark(rv int) string {
	return event("BOOKMARK", fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"%d"}}`, rv))
}

// gone is the API server's answer to a watch from a version that is compacted.
const gone = `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",` +
	`"message":"too old resource version: 10 (99)","reason":"Expired","code":410}`
