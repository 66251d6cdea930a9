// Command mutants spoils legal histories in every way that it knows and prints how much of that the judge notices.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/mutants"
)

const (
	// legal is where the legal histories are.
	legal = "reports/judge/testdata/legal"
	// enough is the share of mutants that have to be noticed.
	enough = 0.95
	// each is how many mutants an operator makes unless EACH says otherwise.
	each = 200
)

func main() { os.Exit(do()) }

func do() int {
	code, err := report()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		return 2
	}
	return code
}

func report() (int, error) {
	limit := each
	if text := os.Getenv("EACH"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return 2, fmt.Errorf("EACH=%s is not a number of mutants", text)
		}
		limit = n
	}
	sources, err := load()
	if err != nil {
		return 2, err
	}
	started := time.Now()
	fmt.Printf("up to %d mutants by each operator, of %d legal histories …\n\n", limit, len(sources))
	outcomes, err := run(sources, limit)
	if err != nil {
		return 2, err
	}
	total := tell(outcomes)
	fmt.Printf("\n%d mutants in %.0f s; %d of them are legal histories themselves\n", total.made, time.Since(started).Seconds(), total.same)
	share := float64(total.caught) / float64(total.made-total.same)
	fmt.Printf("%d of %d are noticed: %.1f %%; of all that were made %.1f %%\n",
		total.caught, total.made-total.same, 100*share, 100*float64(total.caught)/float64(total.made))
	fmt.Printf("%d survivors without a reason, %d legal ones that were taken for spoilt\n", total.unexplained, total.alarms)
	if share < enough || total.unexplained > 0 || total.alarms > 0 {
		return 1, nil
	}
	return 0, nil
}

// load reads every recorded legal history.
func load() ([]*mutants.Source, error) {
	var sources []*mutants.Source
	err := filepath.WalkDir(legal, func(path string, _ fs.DirEntry, err error) error {
		name, sealed := strings.CutSuffix(path, history.SealedExtension)
		if err != nil || !sealed {
			return err
		}
		name, err = filepath.Rel(legal, name)
		if err != nil {
			return err
		}
		source, err := mutants.Load(path, name)
		sources = append(sources, source)
		return err
	})
	if err == nil && len(sources) == 0 {
		err = errors.New("there is no legal history in " + legal)
	}
	return sources, err
}

// run runs every operator, as many at once as there are cores.
func run(sources []*mutants.Source, limit int) ([]*mutants.Outcome, error) {
	operators := mutants.Operators()
	outcomes := make([]*mutants.Outcome, len(operators))
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i, operator := range operators {
		group.Go(func() (err error) {
			outcomes[i], err = mutants.Run(operator, sources, limit)
			return err
		})
	}
	return outcomes, group.Wait()
}

// totals are those of all operators.
type totals struct{ made, same, caught, unexplained, alarms int }

// tell prints a line for each operator, and then why nobody notices what nobody notices.
func tell(outcomes []*mutants.Outcome) (all totals) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "OPERATOR\tMADE\tLEGAL\tREADER\tJUDGE\tUNSURE\tSURVIVE\tNOTICED\tFIRST NAMED")
	survivors := map[string]int{}
	same := map[string]int{}
	for _, o := range outcomes {
		legal := 0
		for reason, n := range o.Same {
			legal += n
			same[reason] += n
		}
		share := "-"
		if o.Made > legal {
			share = fmt.Sprintf("%.0f %%", 100*float64(o.Caught())/float64(o.Made-legal))
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", o.Operator.Name, o.Made, legal, o.Refused, o.Broken, o.Unsure,
			len(o.Survived), share, most(o.Named))
		for what, reason := range o.Survived {
			survivors[o.Operator.Name+": "+cmp.Or(reason, "NO REASON, "+what)]++
			if reason == "" {
				all.unexplained++
			}
		}
		for _, n := range o.Alarms {
			all.alarms += n
		}
		all.made, all.same, all.caught = all.made+o.Made, all.same+legal, all.caught+o.Caught()
	}
	w.Flush()
	list("\nsurvivors, and why nobody can tell", survivors)
	list("\nlegal all the same", same)
	for _, o := range outcomes {
		for alarm := range o.Alarms {
			fmt.Printf("taken for spoilt: %s: %s\n", o.Operator.Name, alarm)
		}
	}
	return all
}

// list prints how often there was which reason, the most frequent first.
func list(title string, counts map[string]int) {
	fmt.Println(title)
	for _, reason := range byCount(counts) {
		fmt.Printf("%6d  %s\n", counts[reason], reason)
	}
}

// most names the invariants that were named most often.
func most(named map[string]int) string {
	const few = 6
	ids := byCount(named)
	return strings.Join(ids[:min(few, len(ids))], " ")
}

func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}
