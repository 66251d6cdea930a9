package lifecycle

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestTablesHaveEveryField(t *testing.T) {
	for name, test := range map[string]struct {
		of     any
		tables [][]field
		below  string
		except []string
	}{
		"the spec": {
			of: batchv1.JobSpec{}, tables: [][]field{specFields, indexedFields},
			// suspend has steps of its own, template a table; scheduling is behind a feature gate that is off by default.
			except: []string{"suspend", "template", "scheduling"},
		},
		"the template's spec": {
			of: corev1.PodSpec{}, tables: [][]field{templateFields}, below: "spec/",
			// No template may have ephemeral containers; the other two are behind feature gates that are off by default.
			except: []string{"ephemeralContainers", "schedulingGroup", "evictionResponders"},
		},
		"a container": {of: corev1.Container{}, tables: [][]field{containerFields}},
	} {
		t.Run(name, func(t *testing.T) {
			tried := slices.Clone(test.except)
			for _, field := range slices.Concat(test.tables...) {
				if path, is := strings.CutPrefix(field.path, test.below); is {
					top, _, _ := strings.Cut(path, "/")
					tried = append(tried, top)
				}
			}
			for i := range reflect.TypeOf(test.of).NumField() {
				json, _, _ := strings.Cut(reflect.TypeOf(test.of).Field(i).Tag.Get("json"), ",")
				if !slices.Contains(tried, json) {
					t.Errorf("no table has %s", json)
				}
			}
		})
	}
}
