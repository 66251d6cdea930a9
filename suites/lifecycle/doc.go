// Package lifecycle proves the opening of section 17.1 and section 17.1.1, but for what is about suspension and about
// the time to live: what a Job does that a Deployment and a pod of one's own do not, how the Job quiz-init runs and is
// shown, what can be given and what can be changed of a Job, and how it is deleted. It also proves what the chapter says
// of the CronJobs that make Jobs.
package lifecycle
