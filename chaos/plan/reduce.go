package plan

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
)

// Reduce returns a plan with as few of the steps of p as it takes for red still to be true of it, and then with as few of its
// Jobs: no single step, and no single Job, can be left out any more. It halves and goes on halving (delta debugging), so that
// of many steps the few that matter are found soon. red is not asked about what would be no plan, nor twice about the same; an
// error of it ends the search, and the best plan up to then is returned with it. p itself must be red.
func Reduce(p *Plan, red func(*Plan) (bool, error)) (*Plan, error) {
	r := &reduction{red: red, asked: map[string]bool{}, best: p}
	all := make([]int, len(p.Steps))
	for i := range all {
		all[i] = i
	}
	r.steps(p, all)
	for again := true; again && r.err == nil; {
		again = false
		for _, manifest := range r.best.Jobs {
			if candidate := r.best.without(manifest); candidate != nil && r.ask(candidate) {
				again = true
				break
			}
		}
	}
	return r.best, r.err
}

type reduction struct {
	red   func(*Plan) (bool, error)
	asked map[string]bool // what was said of a plan, by its bytes
	best  *Plan
	err   error
}

// ask says whether a plan is red, and keeps it if it is.
func (r *reduction) ask(p *Plan) bool {
	if r.err != nil || p.Check() != nil {
		return false
	}
	text := string(p.Bytes())
	said, before := r.asked[text]
	if !before {
		if said, r.err = r.red(p); r.err != nil {
			return false
		}
		r.asked[text] = said
	}
	if said {
		r.best = p
	}
	return said
}

// steps looks for a smallest selection of the steps of p that is red.
func (r *reduction) steps(p *Plan, kept []int) {
	if r.ask(p.only(nil)) {
		return
	}
	for parts := 2; len(kept) >= 2 && r.err == nil; {
		parts = min(parts, len(kept))
		smaller := r.smaller(p, kept, parts)
		switch {
		case smaller == nil && parts == len(kept):
			return
		case smaller == nil:
			parts *= 2
		default:
			if len(smaller) > len(kept)/parts+1 {
				parts = max(parts-1, 2)
			} else {
				parts = 2
			}
			kept = smaller
		}
	}
}

// smaller returns one of so many parts of the steps, or all but one of them, if that is red; nil if none is.
func (r *reduction) smaller(p *Plan, kept []int, parts int) []int {
	var rests [][]int
	for i := range parts {
		from, to := i*len(kept)/parts, (i+1)*len(kept)/parts
		part := kept[from:to]
		if r.ask(p.only(part)) {
			return part
		}
		rests = append(rests, slices.Concat(kept[:from], kept[to:]))
	}
	for _, rest := range rests {
		if r.ask(p.only(rest)) {
			return rest
		}
	}
	return nil
}

// only returns the plan with those of its steps. One that waited for a step that is left out waits for what that waited for.
func (p *Plan) only(kept []int) *Plan {
	only := *p
	only.file, only.lines, only.Steps = "", nil, []Step{}
	if len(kept) < len(p.Steps) {
		only.Ends = nil
		for _, end := range p.Ends {
			if end = end.withoutFailures(); end != (End{Job: end.Job, Within: end.Within}) {
				only.Ends = append(only.Ends, end)
			}
		}
	}
	for _, i := range kept {
		step := p.Steps[i]
		for step.After > 0 && !slices.Contains(kept, step.After-1) {
			step.After = p.Steps[step.After-1].After
		}
		if step.After > 0 {
			step.After = slices.Index(kept, step.After-1) + 1
		}
		only.Steps = append(only.Steps, step)
	}
	return &only
}

// withoutFailures is what of an end must come about however many of the plan's faults do: what a Job counts as failed, how many
// pods it had, and that it failed, is the doing of the very steps that were left out.
func (e End) withoutFailures() End {
	e.Failed, e.Created = nil, nil
	if e.Condition == string(batchv1.JobFailed) || e.Condition == string(batchv1.JobFailureTarget) {
		e.Condition, e.Reason, e.Succeeded, e.Indexes = "", "", nil, nil
	}
	return e
}

// without returns the plan without a manifest and all that is about its Jobs; nil if nothing is left of its ends.
func (p *Plan) without(manifest string) *Plan {
	found, err := jobsOf(manifest)
	if err != nil {
		return nil
	}
	about := func(names ...string) bool {
		for _, job := range found {
			if slices.Contains(names, job.Name) {
				return true
			}
		}
		return false
	}
	var kept []int
	for i, step := range p.Steps {
		until := ""
		if step.Until != nil {
			until = step.Until.Job
		}
		if !about(step.When.Job, step.selector().Job, until) {
			kept = append(kept, i)
		}
	}
	rest := p.only(kept)
	rest.Jobs = slices.DeleteFunc(slices.Clone(p.Jobs), func(name string) bool { return name == manifest })
	rest.Ends = slices.DeleteFunc(slices.Clone(p.Ends), func(end End) bool { return about(end.Job) })
	if len(rest.Ends) == 0 || len(rest.Jobs) == 0 {
		return nil
	}
	return rest
}
