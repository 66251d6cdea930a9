package judge

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tidwall/gjson"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// template is what a pod template says of the pods that are made from it.
type template struct {
	labels, annotations map[string]string
	finalizers          []string
	spec                string // JSON
	// kept and indexed hold the shapes of pods whose spec was found to be as it says, and to have the index in all containers.
	kept, indexed map[uint64]bool
}

func newTemplate(v *JobVersion) *template {
	t := &v.Spec.Template
	return &template{
		labels: t.Labels, annotations: t.Annotations, finalizers: t.Finalizers, spec: gjson.Get(v.RawSpec(), "template.spec").Raw,
		kept: map[uint64]bool{}, indexed: map[uint64]bool{},
	}
}

func (t *template) same(other *template) bool {
	return t.spec == other.spec && maps.Equal(t.labels, other.labels) && maps.Equal(t.annotations, other.annotations)
}

// departs says where a pod is not as the template says, in words; nothing if it is. What the template does not say may be
// anything: the controller, the API server's defaults, its admission plugins and webhooks add to it.
func (t *template) departs(p *PodVersion, indexed bool) string {
	for key, value := range t.labels {
		if have, has := p.Labels[key]; (!has || have != value) && !written(key, indexed) {
			return fmt.Sprintf("its label %s is %q, and the template says %q", key, have, value)
		}
	}
	for key, value := range t.annotations {
		if have, has := p.Annotations[key]; (!has || have != value) && !written(key, indexed) {
			return fmt.Sprintf("its annotation %s is %q, and the template says %q", key, have, value)
		}
	}
	for _, name := range t.finalizers {
		if !slices.Contains(p.Finalizers, name) {
			return "it does not have the finalizer " + name + ", and the template does"
		}
	}
	shape := p.shape()
	if t.kept[shape] {
		return ""
	}
	have, wrong := gjson.Parse(p.specRaw), ""
	gjson.Parse(t.spec).ForEach(func(key, value gjson.Result) bool {
		if key.Str == "hostname" && indexed || key.Str == "schedulingGroup" {
			return true // the controller's own
		}
		wrong = differs("its "+key.Str, key.Str, value, field(have, key.Str))
		return wrong == ""
	})
	if wrong == "" {
		t.kept[shape] = true
	}
	return wrong
}

// written says whether a label or annotation of a pod is the Job controller's, whatever the template says, or one of those
// that P01 is about.
func written(key string, indexed bool) bool {
	switch key {
	case batchv1.JobCompletionIndexAnnotation,
		batchv1.JobIndexFailureCountAnnotation, batchv1.JobIndexIgnoredFailureCountAnnotation:
		return indexed
	default:
		return slices.Contains(jobLabels[:], key)
	}
}

// differs says, in words, where have is not what want says; nothing if have says the same and perhaps more. name is the last
// part of the path.
func differs(path, name string, want, have gjson.Result) string {
	wrong := ""
	switch {
	case want.IsObject() && have.IsObject():
		want.ForEach(func(key, value gjson.Result) bool {
			wrong = differs(path+"."+key.Str, key.Str, value, field(have, key.Str))
			return wrong == ""
		})
	case want.IsArray() && have.IsArray():
		return differsList(path, want.Array(), have.Array())
	case !same(want, have) && !overruled(name, want, have):
		text := have.Raw
		if !have.Exists() {
			text = "not there"
		}
		return path + " is " + text + ", and the template says " + want.Raw
	}
	return wrong
}

// differsList compares lists of objects as sets, for others may be put among them, and other lists element by element.
func differsList(path string, want, have []gjson.Result) string {
	for i, w := range want {
		if !w.IsObject() {
			if len(have) != len(want) || !same(w, have[i]) {
				return path + " is not the list that the template says"
			}
			continue
		}
		name := field(w, "name").Str
		found, near := false, ""
		for _, h := range have {
			wrong := differs(path+"["+name+"]", "", w, h)
			if found = wrong == ""; found {
				break
			}
			if near == "" && name != "" && field(h, "name").Str == name {
				near = wrong
			}
		}
		if !found && near == "" {
			near = path + " does not have " + w.Raw + ", and the template does"
		}
		if !found {
			return near
		}
	}
	return ""
}

func same(want, have gjson.Result) bool {
	switch {
	case want.Raw == have.Raw, want.Type == gjson.Null:
		return true
	case want.Type == gjson.String:
		return have.Type == gjson.String && want.Str == have.Str
	default:
		return want.Raw == "{}" && !have.Exists()
	}
}

// overruled says whether the API server makes something else of what a template says: admission plugin AlwaysPullImages,
// and SetDefaults_Pod in pkg/apis/core/v1/defaults.go.
func overruled(name string, want, have gjson.Result) bool {
	return name == "imagePullPolicy" && have.Str == string(corev1.PullAlways) ||
		name == "terminationGracePeriodSeconds" && want.Num < 0
}

// field returns the value of a key of an object, whatever characters the key has.
func field(object gjson.Result, name string) (found gjson.Result) {
	object.ForEach(func(key, value gjson.Result) bool {
		if key.Str == name {
			found = value
			return false
		}
		return true
	})
	return found
}

// added says what a pod has that neither the template nor the Job controller gave it, so that a webhook must have been at
// it; nothing if there is nothing of the kind.
func (t *template) added(p *PodVersion) string {
	for key := range p.Labels {
		if _, stated := t.labels[key]; !stated && !written(key, true) {
			return "the label " + key
		}
	}
	for key := range p.Annotations {
		if _, stated := t.annotations[key]; !stated && !written(key, true) {
			return "the annotation " + key
		}
	}
	stated, have := gjson.Parse(t.spec), gjson.Parse(p.specRaw)
	for _, list := range [...]string{"containers", "initContainers"} {
		known := field(stated, list).Array()
		for _, container := range field(have, list).Array() {
			name := field(container, "name").Str
			if !slices.ContainsFunc(known, func(k gjson.Result) bool { return field(k, "name").Str == name }) {
				return "the container " + name
			}
		}
	}
	return ""
}
