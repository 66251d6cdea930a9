package main

import "testing"

func TestMet(t *testing.T) {
	const object = `{"metadata":{"annotations":{"a.b/c":"1"}},"status":{"active":2,"failedIndexes":"","ready":null,` +
		`"conditions":[{"type":"Failed","status":"True"}]}}`
	for _, c := range []struct {
		name string
		want Await
		met  bool
	}{
		{"nothing is asked", Await{}, true},
		{"a number", Await{When: map[string]any{"status.active": 2.0}}, true},
		{"another number", Await{When: map[string]any{"status.active": 3.0}}, false},
		{"a number and no text", Await{When: map[string]any{"status.active": "2"}}, false},
		{"one of two", Await{When: map[string]any{"status.active": 2.0, "status.failedIndexes": "0"}}, false},
		{"an empty text", Await{When: map[string]any{"status.failedIndexes": ""}}, true},
		{"not there", Await{When: map[string]any{"status.succeeded": nil}}, true},
		{"null", Await{When: map[string]any{"status.ready": nil}}, true},
		{"there", Await{When: map[string]any{"status.active": nil}}, false},
		{"should be there", Await{When: map[string]any{"status.succeeded": 1.0}}, false},
		{"a key with dots", Await{When: map[string]any{"metadata.annotations[a.b/c]": "1"}}, true},
		{"a condition", Await{Condition: "Failed"}, true},
		{"no such condition", Await{Condition: "Complete"}, false},
	} {
		fields, err := c.want.fields()
		if err != nil {
			t.Fatal(err)
		}
		if got := met([]byte(object), fields); got != c.met {
			t.Errorf("%s: %v, want %v", c.name, got, c.met)
		}
	}
	if _, err := (&Await{When: map[string]any{"a..b": 1}}).fields(); err == nil {
		t.Error("a..b is no path and was accepted")
	}
}
