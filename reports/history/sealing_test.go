package history

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestWriterWritesWhatAReaderReads(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, Header{Namespace: "jp-test", Start: second(0).Time})
	if err != nil {
		t.Fatal(err)
	}
	object := pod("a", 5, "Pending")
	over := strings.ReplaceAll(object, ",", ",\n  ")
	v := Version{
		Seen: second(1).Time, Type: Added, Kind: "Pod", Namespace: "jp-test", Name: "a", UID: "uid-a", RV: 5, Object: []byte(over),
	}
	for _, err := range []error{
		w.Write(Write{At: second(0).Time, Verb: "create", Resource: "pods", Namespace: "jp-test"}),
		w.Version(v),
		w.Gap(Gap{Seen: second(2).Time, Kind: "Pod", From: 5, To: 9}),
		w.End(End{Lines: 17, XXH64: "wrong"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	h, err := readSealed(&out)
	if err != nil {
		t.Fatal(err)
	}
	if h.Format != 2 || h.Order != ByRV || h.Origin != Hand || len(h.Writes) != 1 || len(h.Gaps) != 1 || h.End.Lines != 4 {
		t.Errorf("read %+v", h)
	}
	if got := string(h.Versions()[0].Object); got != object {
		t.Errorf("an object over several lines became %s", got)
	}
	if !h.End.At.Equal(v.Seen) {
		t.Errorf("it ended at %v, want when the last version was seen", h.End.At)
	}
	if err := w.Version(v); !errors.Is(err, errEnded) {
		t.Errorf("after the end: %v", err)
	}
}

func TestWriterRefuses(t *testing.T) {
	for name, h := range map[string]Header{"unknown order": {Order: "size"}, "unknown origin": {Origin: "luck"}} {
		if _, err := NewWriter(&bytes.Buffer{}, h); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	var out bytes.Buffer
	w, err := NewWriter(&out, Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Version(Version{Object: []byte("{\n")}); err == nil {
		t.Error("an object that is no JSON is laid out on one line")
	}
	if err := w.End(End{}); err == nil || out.Len() != 0 {
		t.Errorf("after an error: %v, and %d bytes were written", err, out.Len())
	}
}

func TestWriterTellsOfAFullDisk(t *testing.T) {
	w, err := NewWriter(&full{writes: 1}, Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.End(End{}); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("error is %v", err)
	}
}
