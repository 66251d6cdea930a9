package quiz

import (
	"slices"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestMoveRenamesTheServersAndNotTheDatabase(t *testing.T) {
	const before, after = "mongodb+srv://quiz-pods.kiada.svc.cluster.local/kiada", "mongodb+srv://quiz-pods.jp-1.svc.cluster.local/kiada"
	container := corev1.Container{
		Command: []string{"mongosh", before}, Args: []string{before}, Env: []corev1.EnvVar{{Name: "URI", Value: before}},
	}
	job := &batchv1.Job{}
	job.Spec.Template.Spec.InitContainers = []corev1.Container{*container.DeepCopy()}
	job.Spec.Template.Spec.Containers = []corev1.Container{*container.DeepCopy()}
	move(job, "jp-1")
	for _, c := range slices.Concat(job.Spec.Template.Spec.InitContainers, job.Spec.Template.Spec.Containers) {
		if c.Command[0] != "mongosh" || c.Command[1] != after || c.Args[0] != after || c.Env[0].Value != after {
			t.Errorf("became %+v", c)
		}
	}
	texts := &corev1.ConfigMap{Data: map[string]string{"script.js": before}}
	if move(texts, "jp-1"); texts.Data["script.js"] != after {
		t.Errorf("became %q", texts.Data)
	}
	move(&corev1.Service{}, "jp-1") // has no pods, and nothing to rename
}

func TestDaysTellMonthsApartAndAreTheSameEachYear(t *testing.T) {
	totals := map[Totals]bool{}
	for year := 2020; year <= 2023; year++ {
		var months Months
		for _, day := range Days(year) {
			if day.Date.Year() != year || day.Total != day.Correct+day.Incorrect || day.Correct == 0 || day.Incorrect == 0 {
				t.Errorf("%d has the day %+v", year, day)
			}
			months[day.Date.Month()-1] = months[day.Date.Month()-1].plus(day.Totals)
		}
		for _, month := range months {
			totals[month] = true
		}
	}
	if len(totals) != 12 {
		t.Errorf("there are %d different totals of months in four years, want 12", len(totals))
	}
	if days := Days(2024); days[5].Date != time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC) {
		t.Errorf("the last day of February 2024 is %v", days[5].Date)
	}
}
