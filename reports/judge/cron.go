package judge

// crons is about the Jobs of CronJobs.
var crons = []Invariant{
	{
		ID: "L17",
		Says: "A CronJob stops taking a Job for active once it is finished, and deletes the oldest finished ones " +
			"beyond its history limits.",
		Source: "pkg/controller/cronjob/cronjob_controllerv2.go:448-510, syncCronJob; 704-776, cleanupFinishedJobs and removeOldestJobs",
		Exceptions: []string{
			"a Job that is not finished, whatever its pods do: L05",
			"a webhook that rejects the deletion: blocked, if the audit log has it",
			"without CronJobs in the history nothing is known of them",
		},
		OneController: true,
		Job:           noteChild,
		JobWaits:      letGoByCronJob,
		Within:        cleaningBound,
	},
}

func letGoByCronJob(j *Job) Waiting {
	outcome := j.Now.outcome()
	if j.Gone || outcome == "" {
		return Waiting{}
	}
	parent := j.cronJob()
	if parent == "" {
		return Waiting{}
	}
	o := j.World.others()
	c := o.crons[parent]
	if c == nil {
		return Waiting{}
	}
	if c.active[j.UID] {
		return Waiting{For: "CronJob/" + c.name + " to take it for active no longer"}
	}
	keeps := c.successful
	if outcome == "Failed" {
		keeps = c.failed
	}
	if keeps < 0 || j.Now.Meta.DeletionTimestamp != nil {
		return Waiting{}
	}
	blocked := j.refusal()
	for _, sibling := range o.children[parent] {
		if sibling != j && sibling.Now.outcome() == outcome && sibling.Now.Meta.DeletionTimestamp == nil {
			keeps--
			if why := sibling.refusal(); why != "" {
				blocked = sibling.Object() + ": " + why
			}
		}
	}
	if keeps >= 1 {
		return Waiting{}
	}
	return Waiting{For: "CronJob/" + c.name + " to delete finished Jobs beyond its history limit", Blocked: blocked}
}
