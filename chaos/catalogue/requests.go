package catalogue

import (
	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/requests"
)

// onRequests are the faults of package requests.
var onRequests = []Kind{
	refusal("refuse-pod-creations", "The Job controller may create no pod.", requests.PodCreations),
	refusal("refuse-pod-updates", "The Job controller may change no pod, so no finalizer goes.", requests.PodUpdates),
	refusal("refuse-pod-deletions", "The Job controller may delete no pod.", requests.PodDeletions),
	refusal("refuse-job-status", "The Job controller may write no status of a Job.", requests.JobStatuses),
	{Name: "exhaust-quota", Says: "A quota allows no more pods.", On: OnNamespace, Anywhere: true, New: ofNothing(requests.ExhaustQuota)},
	{Name: "terminate-namespace", Says: "The namespace is deleted.", On: OnNamespace, Anywhere: true, New: ofNothing(requests.TerminateNamespace)},
}

func refusal(name, says string, what requests.Refused) Kind {
	return Kind{
		Name: name, Says: says, On: OnRequests, Anywhere: true,
		Params: []Param{{"prefix", "how the names of the objects begin; all if it is left out"}},
		New: func(_ Target, with map[string]string) (chaos.Fault, error) {
			return requests.Refuse(what, with["prefix"]), nil
		},
	}
}
