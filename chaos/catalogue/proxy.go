package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/proxy"
	"github.com/jobproof/jobproof/chaos/proxy/rules"
)

// verbs are what a proxy tells requests apart by.
var verbs = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}

// picking are the parameters that say which requests are meant.
var picking = []Param{
	{"verb", strings.Join(verbs, ", ")},
	{"resource", "pods, jobs/status, …"},
	{"prefix", "how the names of the objects begin; all if it is left out"},
	{"times", "how many requests; all until it is healed if it is left out"},
	{"within", "how long it may take until they are made; 1m if it is left out"},
}

// throughProxy are the faults of package proxy. They are confirmed only once the requests in question were made, so a step
// that causes these must not wait for the one with the fault.
var throughProxy = []Kind{
	{
		Name: "interpose-proxy", Says: "All requests of the controller manager go through a proxy.", On: OnRequests, Serial: true,
		New: func(Target, map[string]string) (chaos.Fault, error) { return proxy.Interpose(), nil },
	},
	{
		Name: "answer-requests", Says: "Requests of the Job controller are answered with an error in place of the API server.", On: OnRequests, Serial: true,
		Params: slices.Concat(picking, []Param{{"code", "of the answer, from 400 to 599"}, {"lost", "true if the API server has carried them out"}}),
		New: func(_ Target, with map[string]string) (chaos.Fault, error) {
			rule, within, err := ruleOf(with)
			if err != nil {
				return nil, err
			}
			if rule.Code, err = strconv.Atoi(with["code"]); err != nil || rule.Code < 400 || rule.Code > 599 {
				return nil, fmt.Errorf("code %q is not one from 400 to 599", with["code"])
			}
			if rule.Lost, err = strconv.ParseBool(cmp.Or(with["lost"], "false")); err != nil {
				return nil, fmt.Errorf("lost %q is neither true nor false", with["lost"])
			}
			return proxy.Answer(rule, within), nil
		},
	},
	{
		Name: "delay-requests", Says: "Requests of the Job controller are held up.", On: OnRequests, Serial: true,
		Params: slices.Concat(picking, []Param{{"delay", "how long each is held up, as in 2s"}}),
		New: func(_ Target, with map[string]string) (chaos.Fault, error) {
			rule, within, err := ruleOf(with)
			if err != nil {
				return nil, err
			}
			if rule.Delay, err = time.ParseDuration(with["delay"]); err != nil || rule.Delay <= 0 {
				return nil, fmt.Errorf("delay %q is not a duration: write 2s", with["delay"])
			}
			return proxy.Answer(rule, within), nil
		},
	},
}

// ruleOf reads which requests are meant, and how long it may take until they are made.
func ruleOf(with map[string]string) (rule rules.Rule, within time.Duration, err error) {
	rule = rules.Rule{Verb: with["verb"], Resource: with["resource"], Prefix: with["prefix"]}
	if !slices.Contains(verbs, rule.Verb) {
		return rule, 0, fmt.Errorf("verb %q is none: %s", rule.Verb, Suggest(rule.Verb, verbs))
	}
	if rule.Resource == "" {
		return rule, 0, fmt.Errorf("it needs a resource: pods, jobs/status, …")
	}
	if rule.Times, err = strconv.Atoi(cmp.Or(with["times"], "0")); err != nil || rule.Times < 0 {
		return rule, 0, fmt.Errorf("times %q is not a number of requests", with["times"])
	}
	if within, err = time.ParseDuration(cmp.Or(with["within"], "1m")); err != nil || within <= 0 {
		return rule, 0, fmt.Errorf("within %q is not a duration: write 1m", with["within"])
	}
	return rule, within, nil
}
