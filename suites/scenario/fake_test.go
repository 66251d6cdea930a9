package scenario

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// server is as much of an API server as a scenario talks to: it creates, merges, deletes, lists and watches, and runs no
// controller. A test plays the controllers through put.
type server struct {
	mu       sync.Mutex
	rv       int
	objects  map[string]*unstructured.Unstructured // by path
	frames   []frame
	changed  chan struct{}     // closed when a frame is added
	requests []string          // method and path
	refuse   map[string]string // the message of a 422 by the name of a collection
	unwell   bool              // it says that it is not ready
	late     time.Duration     // by which watches are behind
}

// frame is something that happened in a collection.
type frame struct {
	rv         int
	collection string
	text       string
}

// connect serves until the test ends and connects the process to it, as hack/e2e and Connect do.
func connect(t *testing.T) *server {
	t.Helper()
	// No controller runs here, so none would ever be idle.
	limit := idled.Limit
	idled.Limit = 0
	t.Cleanup(func() { idled.Limit = limit })
	s := &server{
		rv: 1, objects: map[string]*unstructured.Unstructured{}, changed: make(chan struct{}), refuse: map[string]string{},
	}
	served := httptest.NewServer(s)
	t.Cleanup(served.Close)
	run := t.TempDir()
	kubeconfig := filepath.Join(run, "kubeconfig")
	text := fmt.Sprintf("clusters:\n- name: c\n  cluster: {server: %q}\ncontexts:\n- name: c\n  context: {cluster: c}\ncurrent-context: c\n", served.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&cluster.Cluster{Name: "c", Kubeconfig: kubeconfig}).Save(run); err != nil {
		t.Fatal(err)
	}
	if err := Connect(run); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connected, current = nil, nil })
	return s
}

var discovery = map[string]any{
	"/api": metav1.APIVersions{Versions: []string{"v1"}},
	"/apis": metav1.APIGroupList{Groups: []metav1.APIGroup{{
		Name:             "batch",
		Versions:         []metav1.GroupVersionForDiscovery{{GroupVersion: "batch/v1", Version: "v1"}},
		PreferredVersion: metav1.GroupVersionForDiscovery{GroupVersion: "batch/v1", Version: "v1"},
	}}},
	"/api/v1": metav1.APIResourceList{GroupVersion: "v1", APIResources: []metav1.APIResource{
		{Name: "namespaces", Kind: "Namespace"}, {Name: "pods", Kind: "Pod", Namespaced: true},
		{Name: "serviceaccounts", Kind: "ServiceAccount", Namespaced: true}, {Name: "services", Kind: "Service", Namespaced: true},
	}},
	"/apis/batch/v1": metav1.APIResourceList{GroupVersion: "batch/v1", APIResources: []metav1.APIResource{
		{Name: "jobs", Kind: "Job", Namespaced: true},
	}},
}

func (s *server) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	at := request.URL.Path
	s.mu.Lock()
	s.requests = append(s.requests, request.Method+" "+at)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	body, _ := io.ReadAll(request.Body)
	switch found := discovery[at]; {
	case found != nil:
		answer(w, found)
	case at == "/readyz" && s.unwell:
		status(w, http.StatusInternalServerError, metav1.StatusReasonInternalError, "etcd failed")
	case at == "/readyz":
		_, _ = io.WriteString(w, "ok")
	case strings.Contains(at, "/leases/"):
		status(w, http.StatusNotFound, "NotFound", "no such lease")
	case request.URL.Query().Get("watch") == "true":
		s.watch(w, request)
	case request.Method == http.MethodGet:
		s.list(w, at)
	case request.Method == http.MethodPost:
		s.create(w, at, body)
	case request.Method == http.MethodPatch:
		s.merge(w, at, body)
	case request.Method == http.MethodDelete:
		s.remove(at)
		answer(w, metav1.Status{Status: metav1.StatusSuccess})
	}
}

func answer(w http.ResponseWriter, value any) { _ = json.NewEncoder(w).Encode(value) }

func status(w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	w.WriteHeader(code)
	answer(w, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
	})
}

func (s *server) create(w http.ResponseWriter, at string, body []byte) {
	if message := s.refuse[path.Base(at)]; message != "" {
		status(w, http.StatusUnprocessableEntity, metav1.StatusReasonInvalid, message)
		return
	}
	typed, kind, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
	if err != nil {
		status(w, http.StatusBadRequest, metav1.StatusReasonBadRequest, err.Error())
		return
	}
	typed.GetObjectKind().SetGroupVersionKind(*kind)
	if created, is := typed.(metav1.Object); is {
		created.SetGeneration(1)
	}
	w.WriteHeader(http.StatusCreated)
	answer(w, s.put(at, typed))
}

// put stores an object and tells the watchers, as if somebody had written it.
func (s *server) put(collection string, typed runtime.Object) *unstructured.Unstructured {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		panic(err)
	}
	object := &unstructured.Unstructured{Object: fields}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := path.Join(collection, object.GetName())
	typ := "ADDED"
	if s.objects[at] != nil {
		typ = "MODIFIED"
	}
	if object.GetUID() == "" {
		object.SetUID(types.UID("uid-" + object.GetName()))
	}
	s.store(typ, at, object)
	return object
}

func (s *server) merge(w http.ResponseWriter, at string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	object := s.objects[at]
	if object == nil {
		status(w, http.StatusNotFound, metav1.StatusReasonNotFound, at)
		return
	}
	object = object.DeepCopy()
	var patch map[string]any
	if err := json.Unmarshal(body, &patch); err != nil {
		panic(err)
	}
	overlay(object.Object, patch)
	s.store("MODIFIED", at, object)
	answer(w, object.Object)
}

func overlay(onto, patch map[string]any) {
	for key, value := range patch {
		inner, nested := value.(map[string]any)
		if under, is := onto[key].(map[string]any); nested && is {
			overlay(under, inner)
			continue
		}
		onto[key] = value
	}
}

func (s *server) remove(at string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if object := s.objects[at]; object != nil {
		s.store("DELETED", at, object.DeepCopy())
		delete(s.objects, at)
	}
}

// store gives an object its next version and sends it to the watchers; the lock is held.
func (s *server) store(typ, at string, object *unstructured.Unstructured) {
	s.rv++
	object.SetResourceVersion(fmt.Sprint(s.rv))
	s.objects[at] = object
	text, err := json.Marshal(map[string]any{"type": typ, "object": object.Object})
	if err != nil {
		panic(err)
	}
	s.frames = append(s.frames, frame{s.rv, path.Dir(at), string(text) + "\n"})
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *server) list(w http.ResponseWriter, at string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	items := []any{}
	for name, object := range s.objects {
		if path.Dir(name) == at {
			items = append(items, object.Object)
		}
	}
	answer(w, map[string]any{"metadata": map[string]any{"resourceVersion": fmt.Sprint(s.rv)}, "items": items})
}

// watch sends what happened after a resource version, and goes on.
func (s *server) watch(w http.ResponseWriter, request *http.Request) {
	since, err := strconv.Atoi(request.URL.Query().Get("resourceVersion"))
	if err != nil {
		panic(err)
	}
	for {
		<-time.After(s.late)
		s.mu.Lock()
		for _, frame := range s.frames {
			if frame.rv > since && frame.collection == request.URL.Path {
				_, _ = io.WriteString(w, frame.text)
			}
		}
		since = s.rv
		changed := s.changed
		s.mu.Unlock()
		w.(http.Flusher).Flush()
		select {
		case <-changed:
		case <-request.Context().Done():
			return
		}
	}
}
