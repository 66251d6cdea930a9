package judge

import (
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func indexed(j *batchv1.Job) { j.Spec.CompletionMode = new(batchv1.IndexedCompletion) }

// born is a story of one pod of a Job.
func born(name string, job func(*batchv1.Job), pod func(*corev1.Pod), want string) story {
	return story{name, func(tl *tale) {
		tl.begin(job)
		tl.create("a", pod)
	}, want}
}

func TestWhatAPodIsBornWith(t *testing.T) {
	for _, s := range []story{
		born("as it should be", nil, func(*corev1.Pod) {}, ""),
		born("no finalizer", nil, func(p *corev1.Pod) { p.Finalizers = []string{"example.com/other"} }, "P01"),
		born("does not block", nil, func(p *corev1.Pod) { p.OwnerReferences[0].BlockOwnerDeletion = nil }, "P01"),
		born("owner of another name", nil, func(p *corev1.Pod) { p.OwnerReferences[0].Name = "other" }, "P01"),
		born("no job-name", nil, func(p *corev1.Pod) { delete(p.Labels, "job-name") }, "P01"),
		born("another's uid", nil, func(p *corev1.Pod) { p.Labels["batch.kubernetes.io/controller-uid"] = "other" }, "P01"),
		born("another name", nil, func(p *corev1.Pod) { p.Name = "other-axxxx" }, "P01"),
		born("another name of the same length", nil, func(p *corev1.Pod) { p.Name = "dome-axxxx" }, "P01"),
		born("a name that goes on", nil, func(p *corev1.Pod) { p.Name = "demo-0-axxxx" }, "P01"),
		born("a name without the index", indexed, func(p *corev1.Pod) { withIndex(0)(p); p.Name = "demo-axxxx" }, "P01"),
		born("labels of the user's own", func(j *batchv1.Job) {
			j.Spec.ManualSelector = new(true)
			j.Spec.Template.Labels = map[string]string{"app": "mine"}
		}, func(*corev1.Pod) {}, ""),
		born("managed by another controller", func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") },
			func(p *corev1.Pod) { p.Finalizers = nil }, ""),
		{"a label taken out while suspended", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Suspend = new(true) })
			tl.spec(func(s *batchv1.JobSpec) { delete(s.Template.Labels, "job-name") })
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(false) })
			tl.create("a")
		}, ""},
		{"an orphan is adopted", func(tl *tale) {
			tl.begin(nil)
			var owners = tl.job.OwnerReferences
			tl.create("a", func(p *corev1.Pod) { owners, p.OwnerReferences, p.Finalizers = p.OwnerReferences, nil, nil })
			tl.pod("a", func(p *corev1.Pod) { p.OwnerReferences = owners })
		}, ""},

		born("index", indexed, withIndex(2), ""),
		born("no index", indexed, func(p *corev1.Pod) { withIndex(0)(p); p.Annotations, p.Name = nil, "demo-axxxx" }, "P02"),
		born("an index that is no number", indexed, func(p *corev1.Pod) {
			p.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "x"}
			p.Labels[batchv1.JobCompletionIndexAnnotation], p.Spec.Hostname = "x", "demo-x"
			p.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "JOB_COMPLETION_INDEX"}}
		}, "P02"),
		born("an index too high", indexed, withIndex(3), "P02"),
		born("another index in the label", indexed, func(p *corev1.Pod) {
			withIndex(1)(p)
			p.Labels[batchv1.JobCompletionIndexAnnotation] = "2"
		}, "P02"),
		born("another hostname", indexed, func(p *corev1.Pod) { withIndex(1)(p); p.Spec.Hostname = "demo-2" }, "P02"),
		born("no variable", indexed, func(p *corev1.Pod) { withIndex(1)(p); p.Spec.Containers[0].Env = nil }, "P02"),
		born("no variable in an init container", func(j *batchv1.Job) {
			indexed(j)
			j.Spec.Template.Spec.InitContainers = []corev1.Container{{Name: "prepare"}}
		}, func(p *corev1.Pod) { withIndex(1)(p); p.Spec.InitContainers[0].Env = nil }, "P02"),
		born("a sidecar without the variable", indexed, func(p *corev1.Pod) {
			withIndex(1)(p)
			p.Spec.Containers = append([]corev1.Container{{Name: "proxy"}}, p.Spec.Containers...)
		}, ""),
		{"completions lowered while pods are created", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { indexed(j); j.Spec.Parallelism = new(int32(3)) })
			tl.spec(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(1)), new(int32(1)) })
			tl.create("a", withIndex(2))
		}, ""},
		{"completions lowered before", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { indexed(j); j.Spec.Parallelism = new(int32(3)) })
			tl.spec(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(1)), new(int32(1)) })
			tl.status(nil)
			tl.create("a", withIndex(2))
		}, "P02"},

		born("another image", nil, func(p *corev1.Pod) { p.Spec.Containers[0].Image = "busybox:2" }, "P25"),
		born("another restartPolicy", nil, func(p *corev1.Pod) { p.Spec.RestartPolicy = corev1.RestartPolicyAlways }, "P25"),
		born("a container less", func(j *batchv1.Job) {
			j.Spec.Template.Spec.Containers = append(j.Spec.Template.Spec.Containers, corev1.Container{Name: "other"})
		}, func(p *corev1.Pod) { p.Spec.Containers = p.Spec.Containers[:1] }, "P25"),
		born("an argument more", func(j *batchv1.Job) { j.Spec.Template.Spec.Containers[0].Args = []string{"a"} },
			func(p *corev1.Pod) { p.Spec.Containers[0].Args = []string{"a", "b"} }, "P25"),
		born("a label less", func(j *batchv1.Job) { j.Spec.Template.Labels["app"] = "mine" },
			func(p *corev1.Pod) { delete(p.Labels, "app") }, "P25"),
		born("another annotation", func(j *batchv1.Job) { j.Spec.Template.Annotations = map[string]string{"a": "b"} },
			func(p *corev1.Pod) { p.Annotations = map[string]string{"a": "c"} }, "P25"),
		born("a finalizer less", func(j *batchv1.Job) { j.Spec.Template.Finalizers = []string{"example.com/mine"} },
			func(p *corev1.Pod) { p.Finalizers = p.Finalizers[1:] }, "P25"),
		born("more than the template says", nil, func(p *corev1.Pod) {
			p.Labels["webhook"] = "was here"
			p.Spec.ServiceAccountName, p.Spec.Priority = "default", new(int32(0))
			p.Spec.Tolerations = []corev1.Toleration{{Key: "node.kubernetes.io/not-ready"}}
			c := &p.Spec.Containers[0]
			c.VolumeMounts = []corev1.VolumeMount{{Name: "kube-api-access-abcde"}}
			c.Resources.Requests = corev1.ResourceList{"cpu": resource.MustParse("1")}
			p.Spec.Containers = append([]corev1.Container{{Name: "proxy"}}, p.Spec.Containers...)
		}, ""),
		born("another image, by a webhook that leaves an annotation", nil, func(p *corev1.Pod) {
			p.Spec.Containers[0].Image, p.Annotations = "mirror/busybox", map[string]string{"mirrored": "yes"}
		}, "P25?"),
		born("another image, by a webhook that leaves a label", nil, func(p *corev1.Pod) {
			p.Spec.Containers[0].Image, p.Labels["mirrored"] = "mirror/busybox", "yes"
		}, "P25?"),
		born("another image, by a webhook that adds a container", nil, func(p *corev1.Pod) {
			p.Spec.Containers[0].Image = "mirror/busybox"
			p.Spec.InitContainers = []corev1.Container{{Name: "proxy"}}
		}, "P25?"),
		born("imagePullPolicy Always", nil, func(p *corev1.Pod) { p.Spec.Containers[0].ImagePullPolicy = corev1.PullAlways }, ""),
		born("hostname and index of the template", func(j *batchv1.Job) {
			indexed(j)
			j.Spec.Template.Spec.Hostname = "mine"
			j.Spec.Template.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "7"}
		}, withIndex(1), ""),
		{"the template changed meanwhile", func(tl *tale) {
			tl.begin(nil)
			was := tl.job.Spec.Template.Spec
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			tl.spec(func(s *batchv1.JobSpec) {
				s.Suspend = new(false)
				s.Template.Spec.NodeSelector = map[string]string{"a": "b"}
			})
			tl.create("a", func(p *corev1.Pod) { p.Spec = was })
		}, ""},
		{"a label of the template changed meanwhile", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Template.Labels["app"] = "mine" })
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(false); delete(s.Template.Labels, "app") })
			tl.create("a")
		}, ""},
		{"the template changed before", func(tl *tale) {
			tl.begin(nil)
			was := tl.job.Spec.Template.Spec
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			tl.status(nil)
			tl.spec(func(s *batchv1.JobSpec) { s.Template.Spec.NodeSelector = map[string]string{"a.b/c": "d"} })
			tl.spec(func(s *batchv1.JobSpec) { s.Suspend = new(false) })
			tl.create("a", func(p *corev1.Pod) { p.Spec = was })
		}, "P25"},
	} {
		s.check(t, birth)
	}
}

func TestPodStem(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, c := range []struct {
		job   string
		index int
		want  string
	}{
		{"demo", -1, "demo-"},
		{"demo", 12, "demo-12-"},
		{long[:57], -1, long[:57] + "-"},
		{long[:58], -1, long[:58]},
		{long, -1, long[:58]},
		{long[:55], 7, long[:55] + "-7-"},
		{long[:56], 7, long[:55] + "-7-"},
		{long, 123, long[:53] + "-123-"},
	} {
		if got := podStem(c.job, c.index); got != c.want {
			t.Errorf("pods of %s, index %d: %s, want %s", c.job, c.index, got, c.want)
		}
	}
}

func TestShape(t *testing.T) {
	spec := func(volume, hostname, image string) *PodVersion {
		return &PodVersion{Hostname: hostname, specRaw: `{"volumes":[{"name":"kube-api-access-` + volume + `"}],"containers":[{"image":"` +
			image + `","volumeMounts":[{"name":"kube-api-access-` + volume + `"}]}],"hostname":"` + hostname + `"}`}
	}
	one := spec("abcde", "demo-0", "busybox").shape()
	if other := spec("vwxyz", "demo-12", "busybox").shape(); other != one {
		t.Error("another volume and hostname is another shape")
	}
	if other := spec("abcde", "demo-0", "alpine").shape(); other == one {
		t.Error("another image is the same shape")
	}
	if (&PodVersion{specRaw: `{"a":"kube-api-access-abc`}).shape() == 0 {
		t.Error("a volume's name that is cut short has no shape")
	}
}
