package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// stage is a scene that is played: a namespace, recorded from before its first object.
type stage struct {
	*theatre
	scene     *Scene
	namespace string
	recorder  *history.Recorder
	file      *os.File
	pods      map[string]*corev1.Pod // that were given a name

	ended time.Time
	led   *history.Controller // when it ended
}

// play plays a scene and records it until the controllers are idle. The namespace is deleted, not waited for.
func (t *theatre) play(ctx context.Context, scene *Scene) (*stage, error) {
	s := &stage{
		theatre: t, scene: scene, namespace: cluster.NamespacePrefix + rand.String(8), pods: map[string]*corev1.Pod{},
	}
	began := time.Now()
	err := s.begin(ctx)
	if err == nil {
		err = s.perform(ctx)
	}
	if err == nil {
		err = s.settle(ctx)
	}
	if err = errors.Join(err, s.clear(ctx)); err == nil {
		t.say("%s: %.0f s", scene.Name, time.Since(began).Seconds())
	}
	return s, err
}

func (s *stage) begin(ctx context.Context) (err error) {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		Name:        s.namespace,
		Labels:      map[string]string{"app.kubernetes.io/managed-by": "jobproof"},
		Annotations: map[string]string{"jobproof.dev/scene": s.scene.Name},
	}}
	if _, err := s.clients.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("create namespace %s: %w", s.namespace, err)
	}
	if s.file, err = os.Create(filepath.Join(s.dir, s.scene.Name+history.Extension)); err != nil {
		return err
	}
	kinds, err := s.scene.recorded()
	if err != nil {
		return err
	}
	leader, err := s.controller(ctx)
	if err != nil {
		return err
	}
	s.recorder, err = history.Record(ctx, s.config, history.Scope{
		Run: "golden", Spec: s.scene.Shows, Cluster: s.cluster.Name, Kubernetes: s.cluster.Version, Order: history.ByRV,
		Audited: true, Controller: leader, Namespace: s.namespace, Kinds: kinds,
	}, s.file)
	if err != nil {
		return err
	}
	// A pod that comes before the namespace's service account is refused. Its controller finds this one and leaves it be.
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
	_, err = s.clients.CoreV1().ServiceAccounts(s.namespace).Create(ctx, account, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create service account default: %w", err)
	}
	return nil
}

// perform does the scene's steps.
func (s *stage) perform(ctx context.Context) error {
	for i, step := range s.scene.Steps {
		err := s.do(ctx, step)
		switch {
		case step.Refused && err == nil:
			err = errors.New("the API server did not refuse it")
		case step.Refused && refusal(err):
			err = nil
		}
		if err != nil {
			return errors.Join(fmt.Errorf("step %d: %w", i+1, err), s.story())
		}
	}
	return nil
}

// refusal says whether the API server understood a request and said no.
func refusal(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) && status.Status().Code >= 400 && status.Status().Code < 500
}

// clear ends the recording and takes back what the scene made.
func (s *stage) clear(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearWithin)
	defer cancel()
	var failed []error
	if s.recorder != nil {
		failed = append(failed, s.recorder.Stop())
	}
	if s.file != nil {
		failed = append(failed, s.file.Close())
	}
	for _, args := range s.scene.After {
		_, _ = s.kubectl(ctx, args) // what was not done need not be taken back
	}
	err := s.clients.CoreV1().Namespaces().Delete(ctx, s.namespace, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		failed = append(failed, fmt.Errorf("delete namespace %s: %w", s.namespace, err))
	}
	return errors.Join(failed...)
}

// history reads back what was recorded up to now.
func (s *stage) history(ctx context.Context) (*history.History, error) {
	ctx, cancel := context.WithTimeout(ctx, clearWithin)
	defer cancel()
	if err := s.recorder.CatchUp(ctx); err != nil {
		return nil, err
	}
	size, err := s.recorder.Flush()
	if err != nil {
		return nil, err
	}
	return history.ReadAll(io.NewSectionReader(s.file, 0, size))
}

// storyLines are how many of the last lines of a story an error shows.
const storyLines = 12

// story is an error that tells what has happened last.
func (s *stage) story() error {
	h, err := s.history(context.Background())
	if err != nil {
		return err
	}
	story := h.Story()
	text := "until then:"
	for _, entry := range story[max(0, len(story)-storyLines):] {
		text += "\n" + entry.String()
	}
	return errors.New(text)
}
