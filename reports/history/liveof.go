package history

import (
	"encoding/json"
	"fmt"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// LiveOf returns Jobs, pods, Events and nodes as a recorder shows those that exist, for whoever reasons about objects that no
// cluster has. They are told apart by their uids.
func LiveOf(objects ...metav1.Object) (*Live, error) {
	live := &Live{versions: map[string]Version{}, reached: map[string]uint64{}}
	for _, object := range objects {
		kind, err := kindOf(object)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		rv, _ := strconv.ParseUint(object.GetResourceVersion(), 10, 64) // 0 if it has none
		live.reached[kind.Name] = max(live.reached[kind.Name], rv)
		live.versions[string(object.GetUID())] = Version{
			Type: Added, Kind: kind.Name, Namespace: object.GetNamespace(), Name: object.GetName(), UID: string(object.GetUID()), RV: rv,
			Object: text, typed: new(typed),
		}
	}
	return live, nil
}

func kindOf(object metav1.Object) (Kind, error) {
	switch object.(type) {
	case *batchv1.Job:
		return Jobs, nil
	case *corev1.Pod:
		return Pods, nil
	case *corev1.Event:
		return Events, nil
	case *corev1.Node:
		return Nodes, nil
	}
	return Kind{}, fmt.Errorf("a %T is none of the kinds that a recorder always sees", object)
}
