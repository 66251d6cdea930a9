package judge

// atBirth asks of each pod that is created for a Job of the built-in controller. A pod that is adopted is first seen with
// another controller or with none; one that a user creates with the Job's owner reference is taken for the controller's.
func atBirth(ask func(*Job, *Pod) Answer) func(*Pod) Answer {
	return func(p *Pod) Answer {
		if !p.Created() || p.Job == nil || !p.Job.Own() {
			return Answer{}
		}
		return ask(p.Job, p)
	}
}

// barring returns the invariant that forbids any pod at all to be created for the Job now, empty if none does.
func (j *Job) barring() string {
	uncounted, _ := j.Now.Uncounted()
	switch o := j.outlook(); {
	case j.Now.Finished() && remember[bereaved](&j.memory, "P24").pod != "":
		return "P24"
	case j.Now.Ending():
		return "P07"
	case !o.exists:
		return "P09"
	case !o.open:
		return "P08"
	case j.Now.Completions() < 0 && (j.Now.Status.Succeeded > 0 || len(uncounted) > 0):
		return "P10"
	default:
		return ""
	}
}

// barred asks of each pod that is created whether the invariant of that id forbids it. A breach is worded by message.
func barred(id string, message func(*Job) string) func(*Pod) Answer {
	return atBirth(func(j *Job, _ *Pod) Answer {
		if j.barring() != id {
			return Answer{}
		}
		return j.doubted(Broken("it is created %s", message(j)))
	})
}

// counted asks of each pod that is created while nothing forbids all of them.
func counted(ask func(*Job, *Pod) Answer) func(*Pod) Answer {
	return atBirth(func(j *Job, p *Pod) Answer {
		if j.barring() != "" {
			return Answer{}
		}
		return j.doubted(ask(j, p))
	})
}

// accounted is counted for those that need to know of the successes that are not counted yet.
func accounted(ask func(*Job, *Pod) Answer) func(*Pod) Answer {
	created := counted(ask)
	return func(p *Pod) Answer {
		noteUnclaimed(p)
		return created(p)
	}
}
