// Command jobproof is the program behind the Makefile: it proves documented
// Jobs on a cluster, and removes what a killed run left.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/jobproof/jobproof/reports/verdict"
)

const usage = `Usage: bin/jobproof COMMAND, with options as variables (make e2e VERSION=v1.36.3)

Commands
  e2e         prove every claim on a kind cluster, or on the cluster of CLUSTER
  chaos       a storm of faults over many Jobs of every kind: MINUTES=10 SEED=7
  replay      conduct one plan, PLAN, instead of the specs
  shrink      find the fewest steps of a plan that still break what it breaks
  null-chaos  run the specs with faults without the faults: none may come out proven
  heal        undo in clusters what killed runs left: faults, stopped nodes, namespaces
  judge       judge the histories of a run, or one history, again; no cluster is needed
  seal        seal a history that you made by hand, so that it can be judged
  claims      print what became of each statement on each Kubernetes version, from the runs in out/
  clean       remove clusters, build containers and engine that earlier runs left

Options of e2e, chaos and null-chaos; heal reads CLUSTER and ENGINE_SETUP
  VERSION=v1.36.3           Kubernetes version of the cluster
  CLAIM=J-136               only the specs that show this claim
  TOPIC=queues              only the specs of this section: lifecycle, suspension, cleanup, completions, failures,
                            deadlines, indexed, queues, discovery, sharing, disruption
  FAST=1                    without faults, and without the specs that take more than half a minute
  THOROUGH=1                with the specs that show in one more way what others show
  KEEP=1                    keep the cluster, and say how to use it
  CLUSTER=<name>            run on a cluster that was kept
  CLUSTER=existing          run on the cluster of KUBECONFIG=<file>
  NODE_IMAGE=<reference>    node image, instead of the one kind defaults to
  ENGINE_SETUP=no           never install or start a container engine
  RWX_STORAGE_CLASS=<name>  class whose volumes many nodes can write to
  PROCS=8                   how many specs run at once

Options of chaos
  MINUTES=10                how long new faults come, from 1 to 240
  SEED=7                    what decides which faults, when and where; printed if it is chosen at random

Options of replay and shrink, beside those of e2e
  PLAN=<file>               the plan; every run keeps those that it conducted in out/<run>/plans
  TIMES=10                  how often to conduct it; of shrink, how often a try may fail to be red

Options of judge and seal
  RUN=out/<run>             the run to judge; the latest if there is none
  HISTORY=<file>            one history: .jsonl.zst to judge, .jsonl to seal

Exit status of e2e, replay and judge
  0 all proven, 1 a claim refuted or an invariant broken, 2 inconclusive, no cluster, or bad input
Exit status of shrink
  1 the plan is red, and the smallest that is was written beside it; 2 otherwise
Exit status of null-chaos and heal
  0 every spec with faults was inconclusive, as it must be; every cluster is whole. 2 otherwise
`

func main() { os.Exit(do(os.Args[1:])) }

func do(args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Print(usage)
		return 0
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	commands := map[string]func(context.Context, options) (int, error){
		"e2e": e2e, "chaos": storm, "replay": replay, "shrink": shrink, "null-chaos": nullChaos, "heal": heal,
		"judge": judgeAgain, "seal": seal, "claims": matrix, "clean": clean,
	}
	command, known := commands[args[0]]
	var err error
	switch {
	case !known:
		err = fmt.Errorf("unknown command %q: there is e2e, chaos, replay, shrink, null-chaos, heal, judge, seal, claims and clean", args[0])
	case len(args) > 1 && (args[1] == "-h" || args[1] == "--help"):
		fmt.Print(usage)
		return 0
	case len(args) > 1:
		err = fmt.Errorf("unknown argument %q: options are variables, see bin/jobproof --help", args[1])
	}
	code := verdict.Infra.ExitCode()
	if err == nil {
		var chosen options
		if chosen, err = readOptions(os.Getenv); err == nil {
			code, err = command(ctx, chosen)
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "jobproof: interrupted; nothing is left behind")
	case err != nil:
		fmt.Fprintln(os.Stderr, "jobproof:", err)
	}
	return code
}
