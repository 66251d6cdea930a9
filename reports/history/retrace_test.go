package history

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// An API server that was started anew no longer knows what a watch missed, but it can list what there was at each moment.
func TestWhatAWatchMissedIsGoneThrough(t *testing.T) {
	s := &server{
		lists: []answer{
			podList(10, pod("same", 3, "Running"), pod("changed", 4, "Pending"), pod("lost", 5, "Running")),
			podList(14, pod("same", 3, "Running"), pod("changed", 14, "Running")), // after the watch has expired
			podList(11, pod("same", 3, "Running"), pod("changed", 4, "Pending"), pod("lost", 5, "Running"), pod("brief", 11, "Pending")),
			podList(12, pod("same", 3, "Running"), pod("changed", 4, "Pending"), pod("brief", 11, "Pending")),
			podList(13, pod("same", 3, "Running"), pod("changed", 4, "Pending")),
			podList(14, pod("same", 3, "Running"), pod("changed", 14, "Running")),
		},
		watches: []func(*stream){
			func(w *stream) { w.w.WriteHeader(http.StatusGone); w.send(gone) },
			func(w *stream) { w.send(event(Modified, pod("changed", 15, "Succeeded"))); w.hold() },
		},
	}
	var f file
	r := record(t, s, &f)
	await(t, r, "changed Succeeded", "same Running")
	if _, err := r.Flush(); err != nil {
		t.Error(err)
	}
	if err := r.Trouble(); err != nil || len(r.Gaps()) > 0 {
		t.Errorf("nothing was missed, and there is trouble: %v, gaps %v", err, r.Gaps())
	}
	want := []string{
		"LISTED same Running", "LISTED changed Pending", "LISTED lost Running",
		"ADDED brief Pending", "DELETED lost Running", "DELETED brief Pending", "MODIFIED changed Running", "MODIFIED changed Succeeded",
	}
	if got := arrivals(t, f.text()); !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v", got, want)
	}
	h, err := ReadAll(strings.NewReader(f.text()))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range h.Versions() {
		if v.Type == Deleted && v.Name == "lost" && (v.RV != 12 || !strings.Contains(string(v.Object), `"resourceVersion":"12"`)) {
			t.Errorf("the deletion is %+v", v)
		}
	}
	if got, want := s.from(), []string{"10", "14"}; !slices.Equal(got, want) {
		t.Errorf("watched from %v, want %v", got, want)
	}
}
