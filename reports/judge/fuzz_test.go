package judge

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// FuzzJudge puts anything into any field of a legal history, and seals it as it should be: whatever an object holds, there is
// a judgement or an error that names the line, and no panic. The numbers say which version of a Job, pod, Event or node and
// which of its fields; from says that it is so from there on.
func FuzzJudge(f *testing.F) {
	histories := [][]history.Version{
		versionsOf(f, "v1.37.0/indexed-replaced"), versionsOf(f, "v1.36.3/suspend"), versionsOf(f, "v1.37.0/deadline"),
	}
	for i, odd := range []string{
		`null`, `-1`, `1e99`, `99999999999999999999`, `[]`, `{}`, `""`, `"x"`, `[null]`, `[{}]`, `{"a":{"b":[1]}}`, `"0-2147483647"`, `"5-3,,1"`,
		`"0000-00-00T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, `[{"type":"Complete"},{"type":"Complete","status":"True"}]`,
		`[{"controller":true,"uid":"u1"},{"controller":true}]`, `{"active":-2147483648,"uncountedTerminatedPods":{"succeeded":["x","x"]}}`,
	} {
		f.Add(uint16(i), uint16(7*i), uint16(31*i), []byte(odd), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, which, line, field uint16, odd []byte, from bool) {
		if _, err := tree.Parse(odd); err != nil {
			return
		}
		versions := slices.Clone(histories[int(which)%len(histories)])
		first := int(line) % len(versions)
		for i := first; i < len(versions) && (i == first || from); i++ {
			if versions[i].UID == versions[first].UID {
				versions[i].Object = oddly(t, versions[i], int(field), odd)
			}
		}
		if sealed := seal(t, versions); sealed != nil {
			_, _ = Read(bytes.NewReader(sealed))
		}
	})
}

// FuzzJudgeFile gives the judge any bytes for a file.
func FuzzJudgeFile(f *testing.F) {
	sealed, err := os.ReadFile(legal + "/v1.37.0/single" + history.SealedExtension)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(seal(f, versionsOf(f, "v1.37.0/single")[:8]))
	f.Add([]byte(`{"history":2,"namespace":"ns","start":"2026-11-21T14:00:00Z","order":"rv","origin":"hand"}` + "\n"))
	f.Fuzz(func(_ *testing.T, file []byte) { _, _ = Read(bytes.NewReader(file)) })
}

// versionsOf reads a legal history. managedFields, which are most of it and of no interest, are left out.
func versionsOf(tb testing.TB, name string) []history.Version {
	tb.Helper()
	h, err := history.Open(legal + "/" + name + history.SealedExtension)
	if err != nil {
		tb.Fatal(err)
	}
	versions := slices.Clone(h.Versions())
	for i := range versions {
		object, err := tree.Parse(versions[i].Object)
		if err != nil {
			tb.Fatal(err)
		}
		tree.Path{{Name: "metadata"}, {Name: "managedFields"}}.Remove(object)
		versions[i].Object = object.Append(nil)
	}
	return versions
}

// oddly is the version's object with something else in one of its fields, counted in the order in which they are written.
// The fields that the reader compares with the line stay.
func oddly(t *testing.T, v history.Version, field int, odd []byte) []byte {
	t.Helper()
	object, err := tree.Parse(v.Object)
	if err != nil {
		t.Fatal(err)
	}
	value, err := tree.Parse(odd)
	if err != nil {
		t.Fatal(err)
	}
	var fields []*tree.Value
	var collect func(*tree.Value)
	collect = func(v *tree.Value) {
		for _, item := range v.Items {
			fields = append(fields, item)
			collect(item)
		}
	}
	collect(object)
	*fields[field%len(fields)] = *value
	identity := tree.Of(map[string]any{"metadata": map[string]any{
		"name": v.Name, "uid": v.UID, "resourceVersion": strconv.FormatUint(v.RV, 10),
	}})
	if v.Namespace != "" {
		identity.Get("metadata").Put("namespace", tree.ScalarOf(v.Namespace))
	}
	object = object.Merge(identity)
	if object.Get("kind") != nil {
		object.Put("kind", tree.ScalarOf(v.Kind))
	}
	return object.Append(nil)
}

// seal seals versions as a history that ends a day after the last of them, or returns nil if they cannot be one.
func seal(tb testing.TB, versions []history.Version) []byte {
	tb.Helper()
	var sealed bytes.Buffer
	w, err := history.NewWriter(&sealed, history.Header{Kubernetes: "v1.37.0", Start: versions[0].Seen, Audited: true})
	if err != nil {
		tb.Fatal(err)
	}
	for _, v := range versions {
		if w.Version(v) != nil {
			return nil
		}
	}
	if err := w.End(history.End{At: versions[len(versions)-1].Seen.Add(24 * time.Hour)}); err != nil {
		tb.Fatal(err)
	}
	return sealed.Bytes()
}
