package judge

import "fmt"

// controllerManager is the name under which the Job controller's writes stand in managedFields: the first part of its user
// agent, which is the name of its binary (rest.DefaultKubernetesUserAgent in client-go).
const controllerManager = "kube-controller-manager"

// ofController lets a breach of what only the built-in controller guarantees stand unless somebody else has a hand in the
// status. What another one wrote is not the controller's doing, and what the controller then makes of it cannot be told.
func (j *Job) ofController(a Answer) Answer {
	if a.broken == "" {
		return a
	}
	now, before := statusWriters(j.Now), statusWriters(j.Was)
	if now[controllerManager] == "" && before[controllerManager] == "" {
		return a // whoever writes it is the controller, under another name
	}
	other := ""
	for name, fields := range now {
		if name == controllerManager {
			continue
		}
		if before[name] != fields {
			return Answer{}
		}
		other = name
	}
	for name := range before {
		if name != controllerManager {
			other = name
		}
	}
	if other != "" {
		return Unsure("%s writes its status too", other)
	}
	return a
}

// statusWriters returns who is named in managedFields as a writer of the status, each with what it wrote and when.
func statusWriters(v *JobVersion) map[string]string {
	if v == nil {
		return nil
	}
	writers := map[string]string{}
	for _, entry := range v.Managers() {
		if entry.Subresource == "status" {
			writers[entry.Manager] += fmt.Sprint(entry.Operation, entry.Time, entry.FieldsV1)
		}
	}
	return writers
}
